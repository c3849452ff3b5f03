/** The book on the stage: flat pages at rest, a leaf while turning. The one place that decides what is drawn. */

import type { Book, Size } from "../core/book";
import { type Box, boundsOf, type Placement, placeSpread, turnSides } from "../core/fit";
import { forwardSide, type Layout, opposite, type Side, spreadOf, windowOf } from "../core/spreads";
import { isZoomed, type Outline, type View, WHOLE } from "../core/zoom";
import { BookEdge } from "./bookEdge";
import { element } from "./dom";
import { type Face, Leaf } from "./leaf";
import { Pace } from "./pace";
import { PageView, type PageWords } from "./pageView";
import { Pictures } from "./pictures";
import { type ShadowedSide, Shadows } from "./shadows";
import { Turn } from "./turn";

export interface BookViewOptions {
  readonly words: PageWords & { pageOf(page: number): string };
  readonly savesData: boolean;
}

interface TurningSide extends ShadowedSide {
  readonly side: Side;
}

/** Distance of the eye in widths of a page. */
export const EYE = 20;

export class BookView {
  readonly root = element("div", { class: "book" });
  readonly #edges = { left: new BookEdge("left"), right: new BookEdge("right") };
  readonly #views = new Map<number, PageView>();
  readonly #pictures: Pictures;
  readonly #pace = new Pace();
  #space: Size = { width: 1, height: 1 };
  #layout: Layout = "single";
  #page = 1;
  #view: View = WHOLE;
  #placement: Placement = { boxes: [], fold: 0 };
  #folds = { before: 0, after: 0 };
  #turn: Turn | null = null;

  constructor(
    private readonly book: Book,
    private readonly options: BookViewOptions,
  ) {
    this.root.append(...this.#edges.left.roots, ...this.#edges.right.roots);
    this.#pictures = new Pictures(book, options, (page) => this.#refresh(page));
  }

  get layout(): Layout {
    return this.#layout;
  }

  get turn(): Turn | null {
    return this.#turn;
  }

  /** Pages on the screen at rest. */
  get spread(): number[] {
    return this.#spreadOf(this.#page);
  }

  /** Pages of the spread that holds `page`. */
  pagesWith(page: number): number[] {
    return this.#spreadOf(page);
  }

  /** Outline of a page's spread at `zoom`, from the middle of the free space. */
  outlineOf(page: number, zoom: number): Outline {
    return boundsOf(this.#place(page, zoom));
  }

  /** Where the pages lie at rest, relative to the fold. */
  get boxes(): readonly Box[] {
    return this.#placement.boxes;
  }

  get shiftY(): number {
    return this.#view.y;
  }

  /** Distance of the fold from the middle of the free space, at rest. */
  get fold(): number {
    return this.#placement.fold + this.#view.x;
  }

  /**
   * The same while a leaf turns: the book slides where it opens or closes. It starts and stops gently, as the free edge
   * does; were it faster, the edge would move against the finger at first.
   */
  foldAt(progress: number): number {
    const part = progress ** 2 * (3 - 2 * progress);
    return this.#folds.before + (this.#folds.after - this.#folds.before) * part;
  }

  viewOf(page: number): PageView | undefined {
    return this.#views.get(page);
  }

  /** Takes over the image that stood in the document before the script. */
  adopt(page: number, image: HTMLImageElement, url: string): void {
    this.#pictures.adopt(page, image);
    this.#mount(page).adopt(image, url);
  }

  resize(space: Size, layout: Layout): void {
    this.#space = space;
    this.#layout = layout;
  }

  /** Shows the spread of `page`, flat. Ends a turn that is under way. */
  rest(page: number, view: View): void {
    this.#turn?.end();
    this.#turn = null;
    this.#page = page;
    this.#view = view;
    this.#placement = this.#place(page, view.zoom);
    this.#show(this.#placement.boxes);
    this.#setFold(this.#placement.fold);
    this.#drawEdge("left", this.#placement);
    this.#drawEdge("right", this.#placement);
    this.root.classList.toggle("zoomed", isZoomed(view));
    this.#want(page, false);
  }

  /** The reader has come to rest: visible pages may now become as sharp as the screen. */
  sharpen(): void {
    this.#want(this.#page, true);
  }

  /** Shows `view` at once while a gesture lasts, by scaling what is there; `rest` makes it sharp. */
  preview(view: View): void {
    const ratio = view.zoom / this.#view.zoom;
    const x = view.x + this.#placement.fold * ratio;
    this.root.style.willChange = "transform";
    this.root.style.transform = `translate(${x}px,${view.y}px) scale(${ratio})`;
  }

  /** Lifts the leaf between the spreads of `from` and `to`. */
  startTurn(from: number, to: number): Turn {
    const { lifts, lands } = turnSides(from, to, this.book.manifest.direction);
    const before = this.#placement;
    const after = this.#place(to, 1);
    const lifted = before.boxes.find((box) => box.side === lifts);
    const landing = after.boxes.find((box) => box.side === lands);
    const uncovered = after.boxes.find((box) => box.side === lifts);
    const covered = before.boxes.find((box) => box.side === lands);
    this.#show([uncovered, covered].filter((box) => box !== undefined));
    this.#drawEdge(lifts, after);
    this.#drawEdge(lands, before);
    const leaf = this.#makeLeaf(
      { side: lifts, own: lifted, below: uncovered },
      { side: lands, own: landing, below: covered },
    );
    this.#wish(to, this.#spreadOf(from));
    this.#folds = { before: before.fold, after: after.fold };
    const follow = (progress: number) => this.#setFold(this.foldAt(progress));
    this.#turn = new Turn(leaf, lands === "left", follow, this.#pace);
    return this.#turn;
  }

  /** Pages have come or changed: labels, notices and images follow. */
  refreshAll(): void {
    for (const page of this.#views.keys()) this.#refresh(page);
    if (this.#turn === null) this.rest(this.#page, this.#view);
  }

  clear(): void {
    this.#turn?.end();
    this.#pictures.clear();
    this.root.remove();
  }

  #spreadOf(page: number): number[] {
    return spreadOf(page, this.book.pageCount, this.#layout);
  }

  #place(page: number, zoom: number): Placement {
    return placeSpread(this.#spreadOf(page), (each) => this.book.sizeOf(each), this.#space, {
      layout: this.#layout,
      direction: this.book.manifest.direction,
      zoom,
      pixelRatio: devicePixelRatio,
    });
  }

  /** The leaf between two sides of the book, on the stage with its shadows. */
  #makeLeaf(lifts: TurningSide, lands: TurningSide): Leaf {
    const faces = {
      [lifts.side]: this.#face(lifts.own ?? lands.own, lifts.own),
      [lands.side]: this.#face(lands.own ?? lifts.own, lands.own),
    } as Record<Side, Face>;
    const width = Math.max(faces.left.width, faces.right.width);
    const shadows = new Shadows(
      { [lifts.side]: lifts, [lands.side]: lands } as Record<Side, TurningSide>,
      width,
    );
    const leaf = new Leaf(faces, {
      strips: this.#pace.strips,
      towards: lands.side,
      pixelRatio: devicePixelRatio,
      eye: EYE * width,
      stiff: [lifts, lands].some(({ own }) => own !== undefined && this.#isCover(own.page)),
      fadesOn: this.#layout === "single" ? opposite(forwardSide(this.book.manifest.direction)) : null,
      shadows,
    });
    this.root.append(...shadows.roots, leaf.root);
    return leaf;
  }

  #isCover(page: number): boolean {
    const { pageCount } = this.book;
    return this.#layout === "double" && (page === 1 || (page === pageCount && pageCount % 2 === 0));
  }

  #face(box: Box | undefined, shows: Box | undefined): Face {
    const { width, height, top } = box ?? { width: 1, height: 1, top: 0 };
    return { src: shows === undefined ? null : this.#pictures.ready(shows.page), width, height, top };
  }

  #show(boxes: readonly Box[]): void {
    for (const view of this.#views.values()) view.visible = boxes.some((box) => box.page === view.page);
    for (const box of boxes) {
      const view = this.#mount(box.page);
      view.place(box);
      view.visible = true;
    }
  }

  #mount(page: number): PageView {
    const mounted = this.#views.get(page);
    if (mounted !== undefined) return mounted;
    const view = new PageView(page, this.book.labelOf(page), this.options.words, (each) => this.#retry(each));
    this.#views.set(page, view);
    this.#refresh(page);
    const after = [...this.#views.keys()].filter((each) => each > page);
    const next = this.#views.get(Math.min(...after));
    this.root.insertBefore(view.root, next?.root ?? this.#edges.left.roots[0]);
    return view;
  }

  #retry(page: number): void {
    this.#pictures.retry(page);
    this.#refresh(page);
  }

  #refresh(page: number): void {
    const view = this.#views.get(page);
    view?.label(this.options.words.pageOf(page));
    view?.show(this.#pictures.contentOf(page));
  }

  /** Keeps the window of `page` mounted and at hand, and nothing else. */
  #want(page: number, sharp: boolean): void {
    const pages = windowOf(page, this.book.pageCount, this.#layout);
    for (const [each, view] of this.#views) {
      if (pages.includes(each)) continue;
      view.remove();
      this.#views.delete(each);
    }
    this.#wish(page, [], sharp);
    for (const each of pages) this.#refresh(each);
  }

  /** Asks for the images around `page`, and lets those of `kept` pages stay. */
  #wish(page: number, kept: readonly number[], sharp = false): void {
    const pages = windowOf(page, this.book.pageCount, this.#layout);
    const visible = this.#spreadOf(page);
    const width = Math.max(...this.#placement.boxes.map((box) => box.width)) * devicePixelRatio;
    const all = [...pages, ...kept.filter((each) => !pages.includes(each))];
    this.#pictures.want(
      all.map((each) => ({ page: each, width_px: width, visible: visible.includes(each) })),
      sharp,
    );
  }

  #setFold(fold: number): void {
    const snap = (length: number) => Math.round(length * devicePixelRatio) / devicePixelRatio;
    this.root.style.willChange = "";
    this.root.style.transform = `translate(${snap(fold + this.#view.x)}px,${snap(this.#view.y)}px)`;
  }

  /** The pages before and after these, seen as a stack of edges, and corners that lift where one can turn. */
  #drawEdge(side: Side, { boxes }: Placement): void {
    const before = (boxes[0]?.page ?? 1) - 1;
    const after = this.book.pageCount - (boxes[boxes.length - 1]?.page ?? 1);
    const pages = side === forwardSide(this.book.manifest.direction) ? after : before;
    const box = boxes.find((each) => each.side === side);
    this.#edges[side].draw(box, this.#layout === "double" ? pages : 0);
  }
}
