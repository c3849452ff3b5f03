/** Which pages lie side by side: the cover alone, then pairs, the last one alone when it is even. No DOM. */

import type { Direction } from "./manifest";

export type Layout = "single" | "double";
export type Side = "left" | "right";

/** Pages of the spread that holds `page`, in reading order. */
export function spreadOf(page: number, pageCount: number, layout: Layout): number[] {
  if (layout === "single" || page <= 1) return [Math.max(page, 1)];
  const first = page - (page % 2);
  return first + 1 <= pageCount ? [first, first + 1] : [first];
}

/** First page of the spread that holds `page`. */
export function anchorOf(page: number, layout: Layout): number {
  return layout === "single" || page <= 1 ? Math.max(page, 1) : page - (page % 2);
}

/** First page of the spread after the one of `page`; null at the end. */
export function nextOf(page: number, pageCount: number, layout: Layout): number | null {
  const spread = spreadOf(page, pageCount, layout);
  const next = (spread[spread.length - 1] ?? page) + 1;
  return next <= pageCount ? next : null;
}

/** First page of the spread before the one of `page`; null at the beginning. */
export function previousOf(page: number, layout: Layout): number | null {
  const last = anchorOf(page, layout) - 1;
  return last >= 1 ? anchorOf(last, layout) : null;
}

/** Where a page lies in a double layout: the cover of a left-to-right book on the right. */
export function sideOf(page: number, direction: Direction): Side {
  return (page % 2 === 1) === (direction === "ltr") ? "right" : "left";
}

/** Where a reader finds what comes after: on the right, or on the left in a right-to-left book. */
export function forwardSide(direction: Direction): Side {
  return direction === "ltr" ? "right" : "left";
}

export function opposite(side: Side): Side {
  return side === "left" ? "right" : "left";
}

/** Pages to keep at hand around a spread, most wanted first: itself, two spreads ahead, one behind. */
export function windowOf(page: number, pageCount: number, layout: Layout): number[] {
  const ahead = nextOf(page, pageCount, layout);
  const further = ahead === null ? null : nextOf(ahead, pageCount, layout);
  const behind = previousOf(page, layout);
  return [page, ahead, behind, further].flatMap((each) =>
    each === null ? [] : spreadOf(each, pageCount, layout),
  );
}
