/** The wheel: with Ctrl (and so by a touchpad's pinch) it zooms; a zoomed page moves; else the page around scrolls. */

import type { GestureTarget } from "./pointers";

const ZOOM_PER_PIXEL = 0.0022;
/** One notch of a coarse wheel counts no more than this. */
const MOST_PIXELS = 120;
const LINE_PX = 16;

export function listenToWheel(stage: HTMLElement, target: GestureTarget, signal: AbortSignal): void {
  const listener = (event: WheelEvent) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    if (event.ctrlKey) {
      event.preventDefault();
      const delta = Math.max(Math.min(event.deltaY * unit, MOST_PIXELS), -MOST_PIXELS);
      const point = target.toSpace(event.clientX, event.clientY);
      target.pinches(Math.exp(-delta * ZOOM_PER_PIXEL * (Math.abs(delta) < 30 ? 4 : 1)), point);
    } else if (target.zoomed) {
      event.preventDefault();
      target.panMoves(-event.deltaX * unit, -event.deltaY * unit);
    }
  };
  stage.addEventListener("wheel", listener, { passive: false, signal });
}
