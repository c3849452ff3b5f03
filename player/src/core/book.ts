/** The flipbook as far as it is known: it grows as manifests arrive. Pages count from 1. No DOM. */

import type { Manifest, Page } from "./manifest";
import { type Layout, Spreads } from "./spreads";

/** A page by the label printed on it and by its place in the document. */
export interface PageName {
  readonly label: string;
  readonly number: number;
}

export interface Found {
  readonly page: number;
  /** The number that was asked for lies outside the book; `page` is the nearest one. */
  readonly isOutside: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const A4_POINTS: Size = { width: 595, height: 842 };

/** As many pages as one manifest carries. */
export const CHUNK_PAGES = 100;

/** One spelling of what readers type in many: full-width digits, capitals, spaces around. */
const fold = (text: string): string => text.normalize("NFKC").trim().toLowerCase();

export class Book {
  readonly #pages = new Map<number, Page>();
  #manifest: Manifest;
  #highest = 0;
  readonly #spreads = new Map<Layout, Spreads>();

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

  /** How the pages that are known by now lie in a layout. */
  spreads(layout: Layout): Spreads {
    const known = this.#spreads.get(layout);
    if (known !== undefined) return known;
    const { settings, spreadPages } = this.#manifest;
    const laid = new Spreads(this.pageCount, {
      layout,
      coverAlone: settings.coverAlone ?? true,
      splits: settings.doublePages === "split",
      spreadPages: new Set(spreadPages),
    });
    this.#spreads.set(layout, laid);
    return laid;
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

  nameOf(number: number): PageName {
    return { label: this.labelOf(number), number };
  }

  /** Whether no page that is still unknown could be the one with this label. */
  canTell(text: string): boolean {
    return this.#labelled(fold(text)) !== null || this.firstUnready() >= this.pageCount;
  }

  /**
   * The page that a reader types: a label first, as that is what stands on the page, then a number.
   * Of "6–7", as the page field shows a spread, the first. Null when there is no such page.
   */
  find(text: string): Found | null {
    const wanted = fold(text);
    const found = this.#labelled(wanted) ?? this.#numbered(wanted);
    if (found !== null) return found;
    const [first = "", ...others] = wanted.split(/[-–—]/);
    return others.length === 1 && first !== "" ? this.find(first) : null;
  }

  /** The page that an address names: a number first, as the player writes numbers there, then a label. */
  findInAddress(text: string): Found | null {
    const wanted = fold(text);
    return this.#numbered(wanted) ?? this.#labelled(wanted);
  }

  clamp(number: number): number {
    return Math.min(Math.max(Math.trunc(number), 1), Math.max(this.pageCount, 1));
  }

  /** Address of one of the book's files. */
  fileUrl(name: string): string {
    return this.#manifest.files + name + (this.#manifest.filesQuery ?? "");
  }

  #labelled(wanted: string): Found | null {
    for (const page of [...this.#pages.keys()].sort((one, other) => one - other)) {
      if (fold(this.labelOf(page)) === wanted) return { page, isOutside: false };
    }
    return null;
  }

  #numbered(wanted: string): Found | null {
    if (!/^-?\d+$/.test(wanted)) return null;
    const page = this.clamp(Number(wanted));
    return { page, isOutside: this.total > 0 && page !== Number(wanted) };
  }

  #take(manifest: Manifest): number[] {
    const fresh: number[] = [];
    this.#spreads.clear();
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
