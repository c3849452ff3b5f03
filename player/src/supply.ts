/** Keeps the book supplied with pages: the conversion's new ones, and the parts of a long manifest as they are needed. */

import { type Book, CHUNK_PAGES, type Found } from "./core/book";
import type { Manifest } from "./core/manifest";
import { watchConversion } from "./host/conversion";
import { fetchManifest, type Stretch } from "./host/network";
import { whenVisible } from "./host/screen";

export class Supply {
  readonly #asked = new Set<number>();

  /** `arrived` is called with the pages that a manifest brought. */
  constructor(
    private readonly book: Book,
    private readonly arrived: (pages: readonly number[]) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Follows the conversion until the book is complete or failed. */
  async watch(): Promise<void> {
    const options = {
      ask: (from: number, signal: AbortSignal) => this.#fetch({ from }, signal),
      arrived: (manifest: Manifest) => this.#take(manifest),
      seen: whenVisible,
    };
    await watchConversion(this.book, options, this.signal);
  }

  /** The reader needs `pages` soon: asks for the parts of the manifest that hold those not known yet. */
  need(pages: readonly number[]): void {
    for (const page of pages) {
      if (this.book.page(page) === undefined)
        void this.#askFor(Math.floor((page - 1) / CHUNK_PAGES) * CHUNK_PAGES);
    }
  }

  /** The page that a reader types, also where its label stands in a part of a long book not known yet. */
  async find(text: string): Promise<Found | null> {
    if (!this.book.canTell(text)) {
      const manifest = await this.#fetch({ label: text }, this.signal);
      if (manifest !== null && !this.signal.aborted) this.#take(manifest);
    }
    return this.book.find(text);
  }

  async #askFor(from: number): Promise<void> {
    if (this.#asked.has(from)) return;
    this.#asked.add(from);
    const manifest = await this.#fetch({ from }, this.signal);
    if (manifest === null || manifest.pages.includes(null)) this.#asked.delete(from);
    if (manifest !== null && !this.signal.aborted) this.#take(manifest);
  }

  #take(manifest: Manifest): void {
    this.arrived(this.book.merge(manifest));
  }

  #fetch(stretch: Stretch, signal: AbortSignal): Promise<Manifest | null> {
    return fetchManifest(this.book.manifest.links.manifest, stretch, signal);
  }
}
