/** Where the pages of a spread lie. Lengths in CSS pixels; the origin is the middle of the free space. No DOM. */

import type { Size } from "./book";
import type { Direction } from "./manifest";
import { forwardSide, type Layout, opposite, type Side } from "./spreads";

export interface Box {
  readonly place: number;
  readonly side: Side;
  /** Relative to the fold. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  readonly boxes: readonly Box[];
  /** Distance of the fold from the middle of the free space. */
  readonly fold: number;
}

export interface FitOptions {
  readonly layout: Layout;
  readonly sideOf: (place: number) => Side;
  /** 1 is the whole spread in the free space. */
  readonly zoom: number;
  /** Device pixels of a CSS pixel; boxes end on whole device pixels. */
  readonly pixelRatio: number;
}

/** Lays the places of one spread as large as the free space allows, at their true proportions. */
export function placeSpread(
  spread: readonly number[],
  sizeOf: (place: number) => Size,
  space: Size,
  options: FitOptions,
): Placement {
  const sizes = spread.map(sizeOf);
  const columns = options.layout === "double" ? 2 : 1;
  const widest = Math.max(...sizes.map((size) => size.width));
  const tallest = Math.max(...sizes.map((size) => size.height));
  const scale = options.zoom * Math.min(space.width / columns / widest, space.height / tallest);
  const snap = (length: number) => Math.round(length * options.pixelRatio) / options.pixelRatio;
  const boxes = spread.map((place, index) => {
    const size = sizes[index] ?? { width: 1, height: 1 };
    const side = options.sideOf(place);
    const width = Math.max(snap(size.width * scale), 1);
    const height = Math.max(snap(size.height * scale), 1);
    return { place, side, left: side === "left" ? -width : 0, top: -snap(height / 2), width, height };
  });
  return { boxes, fold: snap(foldOf(boxes)) };
}

/** A page that lies alone, closed cover or single page, is in the middle: the fold stands at its inner edge. */
function foldOf(boxes: readonly Box[]): number {
  const [only, ...others] = boxes;
  if (only === undefined || others.length > 0) return 0;
  return only.side === "left" ? only.width / 2 : -only.width / 2;
}

/** The outline of a placement, relative to the middle of the free space. */
export function boundsOf(placement: Placement): { left: number; right: number; top: number; bottom: number } {
  const { boxes, fold } = placement;
  return {
    left: fold + Math.min(...boxes.map((box) => box.left)),
    right: fold + Math.max(...boxes.map((box) => box.left + box.width)),
    top: Math.min(...boxes.map((box) => box.top)),
    bottom: Math.max(...boxes.map((box) => box.top + box.height)),
  };
}

/** The side of the leaf that turns when going from one place to another, before and after. */
export function turnSides(from: number, to: number, direction: Direction): { lifts: Side; lands: Side } {
  const ahead = forwardSide(direction);
  return to > from ? { lifts: ahead, lands: opposite(ahead) } : { lifts: opposite(ahead), lands: ahead };
}
