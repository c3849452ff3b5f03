/** Where the leaf in the air takes light away: on the pages below it, and on the ground where only the leaf itself lies. */

import type { Box } from "../core/fit";
import type { Side } from "../core/spreads";
import { element, place } from "./dom";

interface Place {
  readonly x: number;
  readonly z: number;
}

/** What one side of the book holds while a leaf turns. */
export interface ShadowedSide {
  /** The page that lies below the leaf. */
  readonly below: Box | undefined;
  /** Where the leaf itself lies before or after the turn. */
  readonly own: Box | undefined;
}

/** How far the shadow of a point falls to the side, as a part of its height. */
const SLOPE = 0.2;
/** And how far it spreads even where the leaf is low; in widths of the leaf. */
const SPREAD = 0.09;
/** The side that the leaf does not hang over is shaded by this part, growing to all of it over `GROWTH` of a width. */
const ASIDE = 0.6;
const GROWTH = 0.3;

interface Shadow {
  readonly root: HTMLElement;
  /** `over`: how far the leaf hangs over this side; `reach`: how far its shadow falls there; in widths of the leaf. */
  fall(over: number, reach: number, turned: number): void;
}

export class Shadows {
  readonly #shadows: { readonly shadow: Shadow; readonly direction: 1 | -1 }[] = [];

  /** `width` is the leaf's, in CSS pixels. */
  constructor(sides: Record<Side, ShadowedSide>, width: number) {
    for (const side of ["left", "right"] as const) {
      const { below, own } = sides[side];
      const direction = side === "right" ? 1 : -1;
      if (below !== undefined) this.#shadows.push({ shadow: castOn(below, width), direction });
      else if (own !== undefined) this.#shadows.push({ shadow: groundOf(own), direction });
    }
  }

  get roots(): HTMLElement[] {
    return this.#shadows.map(({ shadow }) => shadow.root);
  }

  /** `leaf` are points from its fold to its edge; `turned` is 0 where it lies right, 1 where it lies left. */
  fall(leaf: readonly Place[], turned: number): void {
    for (const { shadow, direction } of this.#shadows) {
      const over = Math.max(...leaf.map(({ x }) => x * direction), 0);
      const reach = SPREAD + Math.max(...leaf.map(({ x, z }) => x * direction + SLOPE * z));
      shadow.fall(over, reach, turned);
    }
  }

  remove(): void {
    for (const root of this.roots) root.remove();
  }
}

/** The leaf's shadow on a page, which cuts it off; it moves under the leaf and keeps the width of its soft edge. */
function castOn(page: Box, width: number): Shadow {
  const dark = element("div", { class: "dark" });
  place(dark, {
    left: page.side === "right" ? 0 : page.width - width,
    top: 0,
    width,
    height: page.height,
  });
  const root = element("div", { class: `cast ${page.side}`, "aria-hidden": "true" }, dark);
  place(root, page);
  const direction = page.side === "right" ? 1 : -1;
  return {
    root,
    fall(over, reach, turned) {
      const share = ASIDE + (1 - ASIDE) * Math.min(over / GROWTH, 1);
      dark.style.transform = `translateX(${(direction * (reach - 1) * width).toFixed(2)}px)`;
      dark.style.opacity = (share * Math.sin(Math.PI * turned)).toFixed(3);
    },
  };
}

/** The shadow that a book throws on the ground, where the leaf is all of the book there. */
function groundOf(own: Box): Shadow {
  const root = element("div", { class: `ground ${own.side}`, "aria-hidden": "true" });
  place(root, own);
  return {
    root,
    fall(over) {
      root.style.transform = `scaleX(${over.toFixed(4)})`;
      root.style.opacity = over.toFixed(3);
    },
  };
}
