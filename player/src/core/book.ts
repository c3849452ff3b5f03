/** The flipbook as far as it is known: it grows as manifests arrive. Pages count from 1. No DOM. */

import type { Manifest, Page } from "./manifest";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const A4_POINTS: Size = { width: 595, height: 842 };

/** As many pages as one manifest carries. */
export const CHUNK_PAGES = 100;

export class Book {
  readonly #pages = new Map<number, Page>();
  #manifest: Manifest;
  #highest = 0;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#take(manifest);
  }

  /** The newest manifest; its `pages` are only a part of the book. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Pages of the document, or those known so far while it has not been opened. */
  get pageCount(): number {
    return this.#manifest.pageCount ?? this.#highest;
  }

  /** Pages of the document as readers are told; 0 while nobody knows. */
  get total(): number {
    return this.#manifest.pageCount ?? 0;
  }

  /** Takes over a newer manifest; returns the pages that it brought. */
  merge(manifest: Manifest): number[] {
    this.#manifest = manifest;
    return this.#take(manifest);
  }

  page(number: number): Page | undefined {
    return this.#pages.get(number);
  }

  /** Index from 0 of the first page that is not there yet. */
  firstUnready(): number {
    let index = 0;
    while (this.#pages.has(index + 1)) index += 1;
    return index;
  }

  /** Size in points; a page that is not known yet is taken to be like its neighbour. */
  sizeOf(number: number): Size {
    const near = [number, number - 1, number + 1, 1].map((each) => this.#pages.get(each)).find(Boolean);
    return near ?? this.#pages.values().next().value ?? A4_POINTS;
  }

  labelOf(number: number): string {
    return this.#pages.get(number)?.label ?? String(number);
  }

  /** The page that a reader means by `text`: a label first, then a number; null when there is none. */
  find(text: string): number | null {
    const wanted = text.trim();
    for (const [number, page] of this.#pages) {
      if (page.label !== undefined && page.label.toLowerCase() === wanted.toLowerCase()) return number;
    }
    return /^\d{1,6}$/.test(wanted) ? this.clamp(Number(wanted)) : null;
  }

  clamp(number: number): number {
    return Math.min(Math.max(Math.trunc(number), 1), Math.max(this.pageCount, 1));
  }

  /** Address of one of the book's files. */
  fileUrl(name: string): string {
    return this.#manifest.files + name + (this.#manifest.filesQuery ?? "");
  }

  #take(manifest: Manifest): number[] {
    const fresh: number[] = [];
    manifest.pages.forEach((page, offset) => {
      const number = manifest.from + offset + 1;
      this.#highest = Math.max(this.#highest, number);
      if (page === null) return;
      if (!this.#pages.has(number)) fresh.push(number);
      this.#pages.set(number, page);
    });
    return fresh;
  }
}
