/** Which key does what. No DOM but the event's own fields. */

import type { Direction } from "../core/manifest";

export type Command =
  | "next"
  | "previous"
  | "first"
  | "last"
  | "zoomIn"
  | "zoomOut"
  | "zoomReset"
  | "panLeft"
  | "panRight"
  | "panUp"
  | "panDown"
  | "escape";

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const KEYS: Record<string, Command> = {
  PageDown: "next",
  PageUp: "previous",
  Home: "first",
  End: "last",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  "0": "zoomReset",
  Escape: "escape",
};

const PANS: Record<string, Command> = {
  ArrowLeft: "panLeft",
  ArrowRight: "panRight",
  ArrowUp: "panUp",
  ArrowDown: "panDown",
};

/** The command of a key; null leaves the key to the browser. Arrows go where they point. */
export function commandOf(press: KeyPress, state: { direction: Direction; zoomed: boolean }): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === " ") return press.shiftKey ? "previous" : "next";
  if (state.zoomed && press.key in PANS) return PANS[press.key] ?? null;
  if (press.key === "ArrowRight") return state.direction === "ltr" ? "next" : "previous";
  if (press.key === "ArrowLeft") return state.direction === "ltr" ? "previous" : "next";
  return KEYS[press.key] ?? null;
}
