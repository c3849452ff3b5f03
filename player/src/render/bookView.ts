/** The book on the stage: flat pages at rest, a leaf while turning. The one place that decides what is drawn. */

import type { Book, Size } from "../core/book";
import { type Box, boundsOf, type Placement, placeSpread, turnSides } from "../core/fit";
import {
  forwardSide,
  type Layout,
  opposite,
  pageOf,
  pagesOf,
  type Side,
  type Spreads,
} from "../core/spreads";
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
  #place = 1;
  #view: View = WHOLE;
  #placement: Placement = { boxes: [], fold: 0 };
  #folds = { before: 0, after: 0 };
  #turn: Turn | null = null;

  constructor(
    private readonly book: Book,
    private readonly options: BookViewOptions,
  ) {
    this.root.append(...this.#edges.left.roots, ...this.#edges.right.roots);
    this.#pictures = new Pictures(book, options, (page) => this.#refreshPage(page));
  }

  get layout(): Layout {
    return this.#layout;
  }

  get turn(): Turn | null {
    return this.#turn;
  }

  /** Pages on the screen at rest. */
  get spread(): number[] {
    return pagesOf(this.#spreads.holding(this.#place));
  }

  /** Pages of the spread that holds `page`. */
  pagesWith(page: number): number[] {
    return pagesOf(this.#spreads.holding(page));
  }

  /** Outline of a place's spread at `zoom`, from the middle of the free space. */
  outlineOf(place: number, zoom: number): Outline {
    return boundsOf(this.#lay(place, zoom));
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

  /** What shows `page`, or of its two halves in sight the first: it holds the layers of both. */
  shownViewOf(page: number): PageView | undefined {
    const [first, second] = [this.#views.get(page), this.#views.get(page + 0.5)];
    return second?.visible && !first?.visible ? second : first;
  }

  /** Takes over the image that stood in the document before the script. */
  adopt(page: number, image: HTMLImageElement, url: string): void {
    this.#pictures.adopt(page, image);
    this.#mount(page).adopt(image, url);
  }

  resize(space: Size, layout: Layout): void {
    this.#space = space;
    if (layout !== this.#layout) this.#dropHalves();
    this.#layout = layout;
  }

  /** Shows the spread of `place`, flat. Ends a turn that is under way. */
  rest(place: number, view: View): void {
    this.#turn?.end();
    this.#turn = null;
    this.#place = place;
    this.#view = view;
    this.#placement = this.#lay(place, view.zoom);
    this.#show(this.#placement.boxes);
    this.#setFold(this.#placement.fold);
    this.#drawEdge("left", this.#placement);
    this.#drawEdge("right", this.#placement);
    this.root.classList.toggle("zoomed", isZoomed(view));
    this.#want(place, false);
  }

  /** The reader has come to rest: visible pages may now become as sharp as the screen. */
  sharpen(): void {
    this.#want(this.#place, true);
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
    const after = this.#lay(to, 1);
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
    this.#wish(to, this.#spreads.holding(from));
    this.#folds = { before: before.fold, after: after.fold };
    const follow = (progress: number) => this.#setFold(this.foldAt(progress));
    this.#turn = new Turn(leaf, lands === "left", follow, this.#pace);
    return this.#turn;
  }

  /** Pages have come or changed: labels, notices and images follow. */
  refreshAll(): void {
    for (const place of this.#views.keys()) this.#refresh(place);
    if (this.#turn === null) this.rest(this.#spreads.anchorOf(this.#place), this.#view);
  }

  clear(): void {
    this.#turn?.end();
    this.#pictures.clear();
    this.root.remove();
  }

  get #spreads(): Spreads {
    return this.book.spreads(this.#layout);
  }

  #halfOf(place: number): Side | null {
    return this.#spreads.halfOf(place, this.book.manifest.direction);
  }

  #sizeOf(place: number): Size {
    const size = this.book.sizeOf(pageOf(place));
    return this.#halfOf(place) === null ? size : { ...size, width: size.width / 2 };
  }

  #lay(place: number, zoom: number): Placement {
    return placeSpread(this.#spreads.holding(place), (each) => this.#sizeOf(each), this.#space, {
      layout: this.#layout,
      sideOf: (each) => this.#spreads.sideOf(each, this.book.manifest.direction),
      zoom,
      pixelRatio: devicePixelRatio,
    });
  }

  /** Another layout may show a page whole whose second half has had a view, and layers, of its own. */
  #dropHalves(): void {
    for (const [place, view] of this.#views) {
      if (Number.isInteger(place)) continue;
      view.remove();
      this.#views.delete(place);
    }
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
      stiff: [lifts, lands].some(({ own }) => own !== undefined && this.#spreads.isOuter(own.place)),
      fadesOn: this.#layout === "single" ? opposite(forwardSide(this.book.manifest.direction)) : null,
      shadows,
    });
    this.root.append(...shadows.roots, leaf.root);
    return leaf;
  }

  #face(box: Box | undefined, shows: Box | undefined): Face {
    const { width, height, top } = box ?? { width: 1, height: 1, top: 0 };
    const src = shows === undefined ? null : this.#pictures.ready(pageOf(shows.place));
    return { src, half: shows === undefined ? null : this.#halfOf(shows.place), width, height, top };
  }

  #show(boxes: readonly Box[]): void {
    for (const view of this.#views.values()) view.visible = boxes.some((box) => box.place === view.place);
    for (const box of boxes) {
      const view = this.#mount(box.place);
      view.layIn(box, this.#halfOf(box.place));
      view.visible = true;
    }
  }

  #mount(place: number): PageView {
    const mounted = this.#views.get(place);
    if (mounted !== undefined) return mounted;
    const label = this.book.labelOf(pageOf(place));
    const view = new PageView(place, label, this.options.words, (each) => this.#retry(each));
    this.#views.set(place, view);
    this.#refresh(place);
    const after = [...this.#views.keys()].filter((each) => each > place);
    const next = this.#views.get(Math.min(...after));
    this.root.insertBefore(view.root, next?.root ?? this.#edges.left.roots[0]);
    return view;
  }

  #retry(place: number): void {
    this.#pictures.retry(pageOf(place));
    this.#refresh(place);
  }

  #refreshPage(page: number): void {
    this.#refresh(page);
    this.#refresh(page + 0.5);
  }

  #refresh(place: number): void {
    const view = this.#views.get(place);
    view?.label(this.options.words.pageOf(pageOf(place)));
    view?.show(this.#pictures.contentOf(pageOf(place)));
  }

  /** Keeps the window of `place` mounted and at hand, and nothing else. */
  #want(place: number, sharp: boolean): void {
    const places = this.#spreads.windowOf(place);
    for (const [each, view] of this.#views) {
      if (places.includes(each)) continue;
      view.remove();
      this.#views.delete(each);
    }
    this.#wish(place, [], sharp);
    for (const each of places) this.#refresh(each);
  }

  /** Asks for the images around `place`, and lets those of `kept` places stay. */
  #wish(place: number, kept: readonly number[], sharp = false): void {
    const visible = pagesOf(this.#spreads.holding(place));
    const widths = this.#placement.boxes.map((box) => box.width * (this.#halfOf(box.place) === null ? 1 : 2));
    const width = Math.max(...widths) * devicePixelRatio;
    const all = pagesOf([...this.#spreads.windowOf(place), ...kept]);
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
    const before = pageOf(boxes[0]?.place ?? 1) - 1;
    const after = this.book.pageCount - pageOf(boxes[boxes.length - 1]?.place ?? 1);
    const pages = side === forwardSide(this.book.manifest.direction) ? after : before;
    const box = boxes.find((each) => each.side === side);
    this.#edges[side].draw(box, this.#layout === "double" ? pages : 0);
  }
}
