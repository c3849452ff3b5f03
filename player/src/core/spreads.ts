/**
 * Which places lie side by side. A place is where a page lies: a page's number N, or for the two halves of a
 * spread page, two facing pages drawn as one, N and N + ½ in reading order. No DOM.
 */

import type { Direction } from "./manifest";

export type Layout = "single" | "double";
export type Side = "left" | "right";

export interface SpreadRules {
  readonly layout: Layout;
  /** Page 1 is the front of a closed book. */
  readonly coverAlone: boolean;
  /** Where one page is seen at a time, the halves of a spread page are seen one after another. */
  readonly splits: boolean;
  /** Numbers of the spread pages. */
  readonly spreadPages: ReadonlySet<number>;
}

/** Number of the page that lies at `place`. */
export function pageOf(place: number): number {
  return Math.floor(place);
}

/** Numbers of the pages that lie at `places`, each once. */
export function pagesOf(places: readonly number[]): number[] {
  return [...new Set(places.map(pageOf))];
}

/** The spreads of a book of `pageCount` pages. */
export class Spreads {
  readonly #spreads: readonly number[][];
  readonly #indexOf = new Map<number, number>();

  constructor(
    pageCount: number,
    private readonly rules: SpreadRules,
  ) {
    this.#spreads = rules.layout === "double" ? pairs(pageCount, rules) : singles(pageCount, rules);
    this.#spreads.forEach((spread, index) => {
      for (const place of spread) this.#indexOf.set(place, index);
    });
  }

  /** Places of the spread that holds `place`, in reading order. */
  holding(place: number): readonly number[] {
    return this.#spreads[this.#at(place)] ?? [Math.max(pageOf(place), 1)];
  }

  /** First place of the spread that holds `place`. */
  anchorOf(place: number): number {
    return this.holding(place)[0] ?? 1;
  }

  /** First place of the spread after the one of `place`; null at the end. */
  nextOf(place: number): number | null {
    return this.#spreads[this.#at(place) + 1]?.[0] ?? null;
  }

  /** First place of the spread before the one of `place`; null at the beginning. */
  previousOf(place: number): number | null {
    return this.#spreads[this.#at(place) - 1]?.[0] ?? null;
  }

  /** Where a place lies: in a double layout the cover of a left-to-right book on the right. */
  sideOf(place: number, direction: Direction): Side {
    const ahead = forwardSide(direction);
    if (this.rules.layout === "single") return ahead;
    const [first, ...others] = this.holding(place);
    const isCover = others.length === 0 && this.rules.coverAlone && place === 1;
    return place === first && !isCover ? opposite(ahead) : ahead;
  }

  /** Which half of its page lies at `place`; null for a whole page. */
  halfOf(place: number, direction: Direction): Side | null {
    const isBroken = this.rules.layout === "double" || this.rules.splits;
    if (!isBroken || !this.rules.spreadPages.has(pageOf(place))) return null;
    const ahead = forwardSide(direction);
    return Number.isInteger(place) ? opposite(ahead) : ahead;
  }

  /** Whether `place` is the front or the back of the closed book. */
  isOuter(place: number): boolean {
    if (this.rules.layout === "single" || this.holding(place).length > 1) return false;
    const index = this.#at(place);
    return (index === 0 && this.rules.coverAlone) || (index > 0 && index === this.#spreads.length - 1);
  }

  /** Places to keep at hand around a spread, most wanted first: itself, two spreads ahead, one behind. */
  windowOf(place: number): number[] {
    const index = Math.max(this.#at(place), 0);
    return [index, index + 1, index - 1, index + 2].flatMap((each) => this.#spreads[each] ?? []);
  }

  #at(place: number): number {
    return this.#indexOf.get(place) ?? this.#indexOf.get(Math.max(pageOf(place), 1)) ?? -1;
  }
}

/** As contracts/spreads.json has it, spread pages in their halves. */
function pairs(pageCount: number, { coverAlone, spreadPages }: SpreadRules): number[][] {
  const spreads: number[][] = [];
  let waiting: number | null = null;
  for (let page = 1; page <= pageCount; page += 1) {
    if (spreadPages.has(page)) {
      if (waiting !== null) spreads.push([waiting]);
      spreads.push([page, page + 0.5]);
      waiting = null;
    } else if (page === 1 && coverAlone) {
      spreads.push([page]);
    } else if (waiting !== null) {
      spreads.push([waiting, page]);
      waiting = null;
    } else waiting = page;
  }
  return waiting === null ? spreads : [...spreads, [waiting]];
}

function singles(pageCount: number, { splits, spreadPages }: SpreadRules): number[][] {
  const pages = Array.from({ length: pageCount }, (_, index) => index + 1);
  return pages.flatMap((page) => (splits && spreadPages.has(page) ? [[page], [page + 0.5]] : [[page]]));
}

/** Where a reader finds what comes after: on the right, or on the left in a right-to-left book. */
export function forwardSide(direction: Direction): Side {
  return direction === "ltr" ? "right" : "left";
}

export function opposite(side: Side): Side {
  return side === "left" ? "right" : "left";
}
