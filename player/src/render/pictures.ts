/** Which image of which page is wanted, and in which order. The images themselves are the queue's. */

import type { Book } from "../core/book";
import { IMAGE_WIDTHS_PX, type ImageSize } from "../core/manifest";
import { ImageQueue } from "./images";
import type { PageContent } from "./pageView";

/** A medium image is good enough until it would be stretched by more than this. */
const STRETCH_ALLOWED = 1.35;

export interface Wish {
  readonly page: number;
  /** Width on the screen in device pixels. */
  readonly width_px: number;
  readonly visible: boolean;
}

export interface PicturesOptions {
  /** The reader's device asks to save data: nothing ahead, nothing large unless zoomed. */
  readonly savesData: boolean;
}

/** What stands where a page has no image yet, by how far the conversion is. */
const MISSING = { processing: "preparing", complete: "loading", failed: "unreached" } as const;

const BEST_FIRST: readonly ImageSize[] = ["large", "medium", "small"];

export class Pictures {
  readonly #queue: ImageQueue;
  readonly #pageOf = new Map<string, number>();
  #wishes: readonly Wish[] = [];
  #sharp = false;
  /** A first image stands in the document already: no small one is needed before it. */
  #opening = true;

  constructor(
    private readonly book: Book,
    private readonly options: PicturesOptions,
    changed: (page: number) => void,
  ) {
    this.#queue = new ImageQueue((url) => {
      this.#update();
      const page = this.#pageOf.get(url);
      if (page !== undefined) changed(page);
    });
  }

  adopt(page: number, image: HTMLImageElement): void {
    const url = this.#url(page, "medium");
    if (url !== null) this.#queue.adopt(url, image);
  }

  /** `sharp`: the reader rests here or zooms, so visible pages may load their large image. */
  want(wishes: readonly Wish[], sharp: boolean): void {
    this.#wishes = wishes;
    this.#sharp = sharp;
    this.#update();
  }

  /** Address of the best image of `page` that can be shown at once. */
  ready(page: number): string | null {
    for (const size of BEST_FIRST) {
      const url = this.#url(page, size);
      if (url !== null && this.#queue.isReady(url)) return url;
    }
    return null;
  }

  contentOf(page: number): PageContent {
    const url = this.ready(page);
    if (url !== null) return { kind: "image", url };
    const medium = this.#url(page, "medium");
    if (medium === null) return { kind: MISSING[this.book.manifest.state] };
    return { kind: this.#queue.stateOf(medium) === "failed" ? "failed" : "loading" };
  }

  retry(page: number): void {
    for (const size of BEST_FIRST) {
      const url = this.#url(page, size);
      if (url !== null) this.#queue.retry(url);
    }
  }

  clear(): void {
    this.#queue.clear();
  }

  #update(): void {
    const visible = this.#wishes.filter((wish) => wish.visible);
    const arrived = visible.every((wish) => this.#isSettled(wish.page));
    if (arrived) this.#opening = false;
    const smallFirst = !arrived && !this.#opening;
    const urls = visible.flatMap(({ page }) =>
      this.#urls(page, smallFirst && !this.#isSettled(page) ? ["small", "medium"] : ["medium"]),
    );
    if (arrived) {
      if (this.#sharp) urls.push(...visible.filter((wish) => this.#deservesLarge(wish)).flatMap(this.#large));
      if (!this.options.savesData) urls.push(...this.#ahead());
    }
    urls.push(...this.#kept(urls));
    this.#queue.want(urls);
  }

  #ahead(): string[] {
    return this.#wishes.filter((wish) => !wish.visible).flatMap((wish) => this.#urls(wish.page, ["medium"]));
  }

  /** What is decoded already stays while its page is in the window. */
  #kept(urls: readonly string[]): string[] {
    return this.#wishes
      .flatMap((wish) => this.#urls(wish.page, BEST_FIRST))
      .filter((url) => this.#queue.isReady(url) && !urls.includes(url));
  }

  /** Nothing but the visible pages is loaded before each of them shows something, or has failed to. */
  #isSettled(page: number): boolean {
    const url = this.#url(page, "medium");
    // A page of a part of the manifest that is still on its way will want its image before all others.
    if (url === null) return this.book.manifest.state === "processing";
    return this.#queue.isReady(url) || this.#queue.stateOf(url) === "failed";
  }

  #deservesLarge(wish: Wish): boolean {
    return wish.width_px > IMAGE_WIDTHS_PX.medium * STRETCH_ALLOWED;
  }

  readonly #large = (wish: Wish): string[] => this.#urls(wish.page, ["large"]);

  #urls(page: number, sizes: readonly ImageSize[]): string[] {
    return sizes.map((size) => this.#url(page, size)).filter((url) => url !== null);
  }

  #url(page: number, size: ImageSize): string | null {
    const files = this.book.page(page);
    if (files === undefined) return null;
    const url = this.book.fileUrl(files[size]);
    this.#pageOf.set(url, page);
    return url;
  }
}
