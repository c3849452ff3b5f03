/** One flipbook in one document: puts the parts together and passes on what they tell each other. */

import { Reporting } from "./beacon/reporting";
import { Book, type Found } from "./core/book";
import { directLink } from "./core/deepLink";
import { Emitter } from "./core/events";
import { type Layout, pagesOf } from "./core/spreads";
import { ZOOM_LIMIT } from "./core/zoom";
import type { PlayerEvents } from "./events";
import { Pointers } from "./gestures/pointers";
import { listenToWheel } from "./gestures/wheel";
import { Hands } from "./hands";
import { Address } from "./host/address";
import type { Bootstrap } from "./host/bootstrap";
import { fetchJson } from "./host/network";
import {
  copyText,
  fullScreenSupport,
  isFullScreen,
  openBeside,
  savesData,
  toggleFullScreen,
} from "./host/screen";
import { listenToKeys } from "./keyboard";
import { linkLayer } from "./layers/links";
import { LayerLoader } from "./layers/loader";
import { textLayer } from "./layers/text";
import { BookView } from "./render/bookView";
import { Supply } from "./supply";
import { Turning } from "./turning";
import { Chrome, type ChromeActions, prepareStage } from "./ui/chrome";
import { ENGLISH } from "./ui/words";
import { Zooming } from "./zooming";

const DOUBLE_LAYOUT = "(min-width: 600px) and (min-aspect-ratio: 1/1)";
const NO_MOTION = "(prefers-reduced-motion: reduce)";
const SHARPEN_AFTER_MS = 250;

const words = ENGLISH;

export class Player {
  readonly events = new Emitter<PlayerEvents>();
  readonly #abort = new AbortController();
  readonly #book: Book;
  readonly #space: HTMLElement;
  readonly #view: BookView;
  readonly #zooming: Zooming;
  readonly #turning: Turning;
  readonly #layers: LayerLoader;
  readonly #chrome: Chrome;
  readonly #address: Address;
  readonly #reporting: Reporting;
  readonly #supply: Supply;
  #token: string | null = null;
  #isOpen = false;
  /** The page told last; null before the first. */
  #told: number | null = null;
  #sharpening: ReturnType<typeof setTimeout> | undefined;

  /** Takes over `root`, the element that the server rendered (shell.html). */
  constructor(
    private readonly root: HTMLElement,
    private readonly bootstrap: Bootstrap,
  ) {
    const { signal } = this.#abort;
    const still = () => matchMedia(NO_MOTION).matches;
    const stage = root.querySelector<HTMLElement>(".stage") ?? root;
    this.#book = new Book(bootstrap.manifest);
    const rtl = bootstrap.manifest.direction === "rtl";
    this.#space = prepareStage(stage, words);
    this.#view = new BookView(this.#book, { words: this.#pageWords(), savesData: savesData() });
    this.#zooming = new Zooming(this.#view, this.events, { still, rtl });
    this.#turning = new Turning(
      this.#book,
      this.#view,
      this.#zooming,
      this.events,
      still,
      bootstrap.startPage,
    );
    this.#layers = this.#makeLayers();
    this.#address = new Address(bootstrap.host === "page");
    this.#reporting = new Reporting(bootstrap.beaconUrl, () => this.#token, signal);
    this.#supply = new Supply(this.#book, () => this.#arrived(), signal);
    this.#chrome = new Chrome(root, stage, this.#book, {
      words,
      fullScreen: fullScreenSupport(),
      actions: this.#actions(),
    });
    this.#listen(stage);
    this.#arrived();
    void this.#supply.watch();
  }

  /** Frees everything: no listener, timer or frame of this player is left. */
  destroy(): void {
    this.#abort.abort();
    clearTimeout(this.#sharpening);
    this.#zooming.stop();
    this.#layers.leave();
    this.#chrome.announcer.silence();
    this.#chrome.toast.hide();
    this.#view.clear();
    this.events.clear();
  }

  /** A manifest is there, the first or a newer one. */
  #arrived(): void {
    const { progress, error, visitToken, reachedPages = 0 } = this.#book.manifest;
    // Who has the book open already gets the whole edition before with the next load.
    const isLost = this.#book.manifest.state === "failed" && reachedPages === 0;
    if (isLost && this.#isOpen) return location.reload();
    if (visitToken !== undefined && visitToken !== this.#token) {
      this.#token = visitToken;
      this.#reporting.wake();
    }
    this.#chrome.progress(this.#book.manifest.state === "processing" ? progress : null);
    if (isLost) this.#chrome.waiting.failed(error ?? null);
    else this.#chrome.waiting.preparing(progress);
    const { startPage } = this.bootstrap;
    const hasPages = this.#book.page(1) !== undefined || this.#book.page(startPage) !== undefined;
    this.#chrome.showWaiting(isLost || !hasPages);
    if (isLost || !hasPages) return;
    if (!this.#isOpen) return this.#open();
    this.#view.refreshAll();
    this.#update();
  }

  /** The first page is there: the book appears, at the page that the address names. */
  #open(): void {
    this.#isOpen = true;
    const wanted = this.#address.page;
    const { askedPage, startPage } = this.bootstrap;
    const found = this.#book.findInAddress(wanted ?? String(askedPage));
    this.#takeOver();
    this.#space.append(this.#view.root);
    this.#turning.openAt(found?.page ?? this.#book.clamp(startPage));
    this.#layout();
    const sizes = new ResizeObserver(() => this.#layout());
    sizes.observe(this.#space);
    this.#abort.signal.addEventListener("abort", () => sizes.disconnect());
    if (found?.isOutside) this.#tellNearest(wanted ?? String(askedPage), found.page);
    if (found === null && wanted !== null) void this.#goTo(wanted, false);
    const { reachedPages = 0, error } = this.#book.manifest;
    if (reachedPages > 0) this.#chrome.toast.keep(words.reached(reachedPages, this.#book.total, error ?? ""));
  }

  /** The image that stood there before the script becomes the page's own, without being loaded again. */
  #takeOver(): void {
    const image = this.#space.querySelector<HTMLImageElement>("img.first-page");
    const file = this.#book.page(this.bootstrap.startPage)?.medium;
    if (image === null) return;
    const url = file === undefined ? null : this.#book.fileUrl(file);
    if (url !== null && image.src === new URL(url, document.baseURI).href) {
      this.#view.adopt(this.bootstrap.startPage, image, url);
    } else image.remove();
  }

  #layout(): void {
    const space = { width: this.#space.clientWidth, height: this.#space.clientHeight };
    if (space.width === 0 || space.height === 0) return;
    const layout = this.#layoutOf();
    this.root.dataset.layout = layout;
    this.#view.resize(space, layout);
    this.#zooming.at(this.#turning.place);
    this.#zooming.resize(space);
    this.#turning.show();
  }

  #layoutOf(): Layout {
    return this.#book.manifest.pageCount !== 1 && matchMedia(DOUBLE_LAYOUT).matches ? "double" : "single";
  }

  #listen(stage: HTMLElement): void {
    const { signal } = this.#abort;
    const { direction } = this.#book.manifest;
    this.events.on("interact", () => this.#reporting.interact());
    this.events.on("leave", () => this.#leave());
    this.events.on("rest", (rest) => this.#rest(rest));
    this.events.on("zoom", () => this.#update());
    const hands = new Hands(stage, this.#space, this.#view, this.#turning, this.#zooming, direction);
    const pointers = new Pointers(stage, hands);
    signal.addEventListener("abort", () => pointers.stop());
    listenToWheel(stage, hands, signal);
    listenToKeys(
      document,
      {
        turning: this.#turning,
        zooming: this.#zooming,
        direction,
        pageCount: () => this.#book.pageCount,
        close: () => this.#chrome.closeAny(),
      },
      signal,
    );
    this.#address.watch((text) => this.#addressChanged(text), signal);
    document.addEventListener("fullscreenchange", () => this.#update(), { signal });
  }

  #addressChanged(text: string | null): void {
    if (!this.#isOpen) return;
    if (text === null) return this.#turning.jump(this.bootstrap.startPage, false);
    const found = this.#book.findInAddress(text);
    if (found === null) void this.#goTo(text, false);
    else this.#jumpTo(found, text, false);
  }

  #leave(): void {
    clearTimeout(this.#sharpening);
    this.#layers.leave();
    this.#chrome.announcer.silence();
    this.#update();
  }

  #rest({ page, pages, jumped }: PlayerEvents["rest"]): void {
    this.#zooming.at(this.#turning.place);
    this.#update();
    this.#tell(page, pages, jumped);
    this.#reporting.show(pages);
    this.#supply.need(pagesOf(this.#book.spreads(this.#view.layout).windowOf(page)));
    void this.#layers.rest(pages);
    clearTimeout(this.#sharpening);
    this.#sharpening = setTimeout(() => this.#view.sharpen(), SHARPEN_AFTER_MS);
  }

  /** Another page: the address and the voice say so. Both keep still about the one that the book was opened at. */
  #tell(page: number, pages: readonly number[], jumped: boolean): void {
    if (this.#told !== null && this.#told !== page) {
      this.#address.show(page, jumped);
      this.#chrome.announcer.say(this.#nameOfSpread(pages));
    }
    this.#told = page;
  }

  #update(): void {
    const { page } = this.#turning;
    this.#chrome.update({
      page,
      shown: this.#view.pagesWith(page).map((each) => this.#book.nameOf(each)),
      pageCount: this.#book.pageCount,
      total: this.#book.total,
      hasPrevious: this.#turning.hasPrevious,
      hasNext: this.#turning.hasNext,
      zoom: this.#zooming.view.zoom,
      zoomLimit: ZOOM_LIMIT,
      fullScreen: isFullScreen() || this.root.classList.contains("filled"),
    });
  }

  #nameOfSpread(pages: readonly number[]): string {
    const [first = 1, second] = pages;
    const { total } = this.#book;
    if (second === undefined) return words.page(this.#book.nameOf(first), total);
    return words.pages(this.#book.nameOf(first), this.#book.nameOf(second), total);
  }

  #pageWords() {
    return {
      retry: words.retry,
      preparing: words.pagePreparing,
      failed: words.pageFailed,
      unreached: words.pageUnreached,
      pageOf: (page: number) => words.page(this.#book.nameOf(page), this.#book.total),
    };
  }

  #makeLayers(): LayerLoader {
    return new LayerLoader(this.#book, [textLayer, linkLayer], {
      fetchJson,
      hostOf: (page) => this.#view.shownViewOf(page)?.layers,
      context: {
        nameOfPage: (page) => words.goToPage(this.#book.labelOf(page)),
        followed: (page, target) => {
          this.#reporting.click(page);
          if ("page" in target) this.#turning.jump(target.page, false);
        },
      },
    });
  }

  #actions(): ChromeActions {
    return {
      previous: () => this.#turning.step(-1),
      next: () => this.#turning.step(1),
      enter: (text) => this.#goTo(text, true),
      seek: (page) => this.#turning.jump(page),
      chapter: (page) => this.#turning.jump(page),
      zoom: (direction) => this.#zooming.step(direction),
      resetZoom: () => this.#zooming.reset(),
      toggleFullScreen: () => void this.#fullScreen(),
      downloaded: () => this.#reporting.interact(),
      shared: () => this.#reporting.interact(),
      linkToShare: () => directLink(this.#book.manifest.links.direct, this.#turning.page),
      copy: copyText,
    };
  }

  /** Goes to the page that `text` means; answers whether there is one. `counts`: as an interaction. */
  async #goTo(text: string, counts: boolean): Promise<boolean> {
    const found = await this.#supply.find(text);
    if (this.#abort.signal.aborted) return false;
    if (found === null) this.#chrome.toast.say(words.noSuchPage(text));
    else this.#jumpTo(found, text, counts);
    return found !== null;
  }

  #jumpTo(found: Found, text: string, counts: boolean): void {
    if (found.isOutside) this.#tellNearest(text, found.page);
    else this.#chrome.toast.hide();
    this.#turning.jump(found.page, counts);
  }

  #tellNearest(text: string, page: number): void {
    this.#chrome.toast.say(page === 1 ? words.isFirstPage(text) : words.isLastPage(text));
  }

  /** Where the browser gives no full screen, a frame opens the book beside itself, and a page drops its title. */
  async #fullScreen(): Promise<void> {
    this.#reporting.interact();
    if (await toggleFullScreen(document.documentElement)) return;
    if (this.bootstrap.host === "embed") {
      openBeside(directLink(this.#book.manifest.links.direct, this.#turning.page));
      return;
    }
    this.root.classList.toggle("filled");
    this.#update();
  }
}
