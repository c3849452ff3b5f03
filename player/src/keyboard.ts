/** Keys that work wherever the focus is, as long as no control wants them itself. */

import type { Direction } from "./core/manifest";
import { type Command, commandOf } from "./gestures/keys";
import type { Turning } from "./turning";
import type { Zooming } from "./zooming";

const PAN_STEP_PX = 80;
const PANS: Partial<Record<Command, readonly [x: number, y: number]>> = {
  panLeft: [PAN_STEP_PX, 0],
  panRight: [-PAN_STEP_PX, 0],
  panUp: [0, PAN_STEP_PX],
  panDown: [0, -PAN_STEP_PX],
};

export interface KeyboardParts {
  readonly turning: Turning;
  readonly zooming: Zooming;
  readonly direction: Direction;
  readonly pageCount: () => number;
  /** Escape: closes what is open; answers whether something was. */
  readonly close: () => boolean;
}

export function listenToKeys(root: Document, parts: KeyboardParts, signal: AbortSignal): void {
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTaken(event)) return;
    const { direction, zooming } = parts;
    const command = commandOf(event, { direction, zoomed: zooming.isZoomed });
    if (command !== null && obey(command, event.repeat, parts)) event.preventDefault();
  };
  root.addEventListener("keydown", listener, { signal });
}

/** A focused control uses some keys itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, textarea, select, [contenteditable]")) return true;
  return event.key === " " && target?.closest("button, a[href], summary") !== null && target !== null;
}

/** Answers whether the command had a meaning here. */
function obey(command: Command, held: boolean, parts: KeyboardParts): boolean {
  const { turning, zooming } = parts;
  const pan = PANS[command];
  if (pan !== undefined) return panOrTurn(command, pan, held, parts);
  if (command === "next") turning.step(1, held);
  else if (command === "previous") turning.step(-1, held);
  else if (command === "first") turning.jump(1);
  else if (command === "last") turning.jump(parts.pageCount());
  else if (command === "zoomIn") zooming.step(1);
  else if (command === "zoomOut") zooming.step(-1);
  else if (command === "zoomReset") zooming.reset();
  else return stepBack(parts);
  return true;
}

function stepBack({ close, zooming }: KeyboardParts): boolean {
  if (close()) return true;
  if (!zooming.isZoomed) return false;
  zooming.reset();
  return true;
}

/** An arrow moves a zoomed page; at its edge it turns. */
function panOrTurn(
  command: Command,
  [x, y]: readonly [number, number],
  held: boolean,
  parts: KeyboardParts,
): boolean {
  if (parts.zooming.canPan(x, y)) parts.zooming.panBy(x, y);
  else if (x !== 0 && !held)
    parts.turning.step((command === "panRight") === (parts.direction === "ltr") ? 1 : -1);
  return true;
}
