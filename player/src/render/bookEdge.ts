/** One outer edge of the open book: the stack of pages that lie there, and the corner that lifts under the mouse. */

import type { Box } from "../core/fit";
import type { Side } from "../core/spreads";
import { element, place } from "./dom";

const THICKEST_PX = 10;
const PAGES_PER_PIXEL = 12;
const PEEL_PX = 38;
/** The first leaves are a pixel each, then they thin out, so that no turn makes the stack jump. */
const LOOSE_LEAVES = 2;
/** The stack is a little lower than the page on it. */
const INSET_PX = 2;

export class BookEdge {
  readonly #stack: HTMLElement;
  readonly #peel: HTMLElement;

  constructor(readonly side: Side) {
    this.#stack = element("div", { class: `edge ${side}` });
    this.#peel = element("div", { class: `peel ${side}` });
  }

  get roots(): readonly [HTMLElement, HTMLElement] {
    return [this.#stack, this.#peel];
  }

  /** Draws it beside the page in `box`; `pages` follow it on that side, the first of them on its own back. */
  draw(box: Box | undefined, pages: number): void {
    const turns = box !== undefined && pages > 0;
    this.#stack.hidden = !(turns && pages > 1);
    this.#peel.hidden = !turns;
    if (!turns) return;
    const isLeft = this.side === "left";
    const right = box.left + box.width;
    const leaves = Math.floor(pages / 2);
    const thickness = Math.min(leaves, LOOSE_LEAVES) + Math.floor(pages / PAGES_PER_PIXEL);
    const width = Math.min(thickness, THICKEST_PX);
    const height = box.height - 2 * INSET_PX;
    place(this.#stack, { left: isLeft ? box.left - width : right, top: box.top + INSET_PX, width, height });
    const corner = { left: isLeft ? box.left : right - PEEL_PX, top: box.top + box.height - PEEL_PX };
    place(this.#peel, { ...corner, width: PEEL_PX, height: PEEL_PX });
  }
}
