/**
 * What a touch of the book means: the written table that the arbiter asks. No DOM.
 *
 * The first row that fits decides. `any` fits everything.
 */

export type PointerKind = "mouse" | "touch";

/** What lies under the pointer where it went down. */
export type Ground = "control" | "link" | "text" | "edge" | "outer" | "inner" | "stage";

export interface Press {
  readonly kind: PointerKind;
  readonly ground: Ground;
  readonly zoomed: boolean;
  /** Shift asks for a selection where a drag would do something else. */
  readonly shift: boolean;
}

/** `native` leaves the drag to the browser: selecting text, using a control. */
export type DragMeaning = "native" | "turn" | "pan" | "nothing";
export type TapMeaning = "native" | "turn" | "zoom" | "nothing";

type Pattern<T> = T | "any";
type Row<Meaning> = readonly [
  kind: Pattern<PointerKind>,
  ground: Pattern<Ground>,
  zoomed: Pattern<boolean>,
  shift: Pattern<boolean>,
  meaning: Meaning,
];

export const DRAGS: readonly Row<DragMeaning>[] = [
  ["any", "control", "any", "any", "native"],
  ["mouse", "any", "any", true, "native"],
  ["any", "any", true, "any", "pan"],
  ["touch", "any", false, "any", "turn"],
  ["mouse", "edge", false, "any", "turn"],
  ["mouse", "text", false, "any", "native"],
  ["mouse", "link", false, "any", "native"],
  ["mouse", "outer", false, "any", "turn"],
  ["mouse", "any", false, "any", "nothing"],
];

/** A tap that is not followed by a second one at the same place. */
export const TAPS: readonly Row<TapMeaning>[] = [
  ["any", "control", "any", "any", "native"],
  ["any", "link", "any", "any", "native"],
  ["any", "edge", false, false, "turn"],
  ["any", "any", "any", "any", "nothing"],
];

export const DOUBLE_TAPS: readonly Row<TapMeaning>[] = [
  ["any", "control", "any", "any", "native"],
  ["any", "link", "any", "any", "native"],
  ["any", "edge", false, "any", "turn"],
  ["any", "stage", "any", "any", "nothing"],
  ["mouse", "text", "any", true, "native"],
  ["any", "any", "any", "any", "zoom"],
];

/** The meaning of `press` after `rows`. */
export function meaningOf<Meaning>(rows: readonly Row<Meaning>[], press: Press): Meaning {
  const row = rows.find(
    ([kind, ground, zoomed, shift]) =>
      fits(kind, press.kind) &&
      fits(ground, press.ground) &&
      fits(zoomed, press.zoomed) &&
      fits(shift, press.shift),
  );
  if (row === undefined) throw new RangeError("The table has no row for this press");
  return row[4];
}

const fits = <T>(pattern: Pattern<T>, value: T): boolean => pattern === "any" || pattern === value;
