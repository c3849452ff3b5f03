/** The leaf in the air: strips with two faces each, made when a turn starts, gone when it ends. Seen, never touched. */

import type { Side } from "../core/spreads";
import { angleAt, bend, pointOn, shadeOf } from "./bend";
import { element, place } from "./dom";

/** One face of the leaf: an image that is decoded already, or plain paper. Lengths in CSS pixels. */
export interface Face {
  readonly src: string | null;
  readonly width: number;
  readonly height: number;
  /** Distance of its top from the fold's middle. */
  readonly top: number;
}

export interface LeafOptions {
  readonly strips: number;
  readonly towards: Side;
  readonly pixelRatio: number;
  /** Distance of the eye, in CSS pixels. */
  readonly eye: number;
}

interface Strip {
  readonly root: HTMLElement;
  /** Two on each face, one fading away from the fold and one towards it: together a smooth slope of shade. */
  readonly shades: Record<Side, readonly [inner: HTMLElement, outer: HTMLElement]>;
}

/** How far the shadow of an edge falls to the side, as a part of its height. */
const SHADOW_SLOPE = 0.3;

/** Strips overlap by this much, so that no seam shows between them. */
const OVERLAP_PX = 1;

export class Leaf {
  readonly root = element("div", { class: "leaf", "aria-hidden": "true" });
  readonly width: number;
  readonly #strips: Strip[] = [];
  readonly #casts = {
    left: element("div", { class: "cast left" }),
    right: element("div", { class: "cast right" }),
  };
  readonly #options: LeafOptions;

  constructor(faces: Record<Side, Face>, options: LeafOptions) {
    this.#options = options;
    this.width = Math.max(faces.left.width, faces.right.width);
    const top = Math.min(faces.left.top, faces.right.top);
    const height = Math.max(faces.left.height, faces.right.height);
    this.root.style.perspective = `${options.eye}px`;
    this.root.style.perspectiveOrigin = "0 0";
    for (const cast of Object.values(this.#casts)) {
      place(cast, { left: 0, top, width: this.width, height });
      this.root.append(cast);
    }
    const snap = (length: number) => Math.round(length * options.pixelRatio) / options.pixelRatio;
    for (let index = 0; index < options.strips; index += 1) {
      const start = snap((this.width * index) / options.strips);
      const end = snap((this.width * (index + 1)) / options.strips);
      const strip = this.#makeStrip(faces, { start, end, top, height }, index);
      this.#strips.push(strip);
      this.root.append(strip.root);
    }
  }

  get strips(): number {
    return this.#strips.length;
  }

  /** Bends the leaf: `turned` is 0 where it lies right, 1 where it lies left. */
  bendTo(turned: number): void {
    const { towards } = this.#options;
    const count = this.#strips.length;
    const poses = bend(turned, count, towards);
    let inner = shadeOf(angleAt(0, turned, towards));
    this.#strips.forEach((strip, index) => {
      const { x, z, angle } = poses[index] ?? { x: 0, z: 0, angle: 0 };
      const outer = shadeOf(angleAt((index + 1) / count, turned, towards));
      strip.root.style.transform =
        `translate3d(${(x * this.width).toFixed(2)}px,0,${(z * this.width).toFixed(2)}px) ` +
        `rotateY(${(-angle).toFixed(4)}rad)`;
      const seen = angle < Math.PI / 2 ? "right" : "left";
      strip.shades[seen][0].style.opacity = inner[seen].toFixed(3);
      strip.shades[seen][1].style.opacity = outer[seen].toFixed(3);
      inner = outer;
    });
    this.#castShadows(pointOn(poses, 1), turned);
  }

  remove(): void {
    this.root.remove();
  }

  /** The shadow reaches further than the free edge, the higher that stands. */
  #castShadows(edge: { x: number; z: number }, turned: number): void {
    const dark = Math.sin(Math.PI * turned) ** 0.8;
    for (const [side, direction] of [
      ["left", -1],
      ["right", 1],
    ] as const) {
      const reach = Math.min(Math.max(edge.x * direction, 0) + SHADOW_SLOPE * edge.z, 1);
      const { style } = this.#casts[side];
      style.transform = `scaleX(${(direction * reach).toFixed(3)})`;
      style.opacity = dark.toFixed(3);
    }
  }

  #makeStrip(
    faces: Record<Side, Face>,
    part: { start: number; end: number; top: number; height: number },
    index: number,
  ): Strip {
    const root = element("div", { class: "strip" });
    const width = part.end - part.start + (part.end < this.width ? OVERLAP_PX : 0);
    place(root, { left: 0, top: part.top, width, height: part.height });
    const shades = { left: makeShades(), right: makeShades() };
    for (const side of ["right", "left"] as const) {
      const { top, width: paperWidth, height } = faces[side];
      if (part.start >= paperWidth) continue;
      const face = element("div", { class: `face ${side}` });
      place(face, { left: 0, top: top - part.top, width, height });
      const paper = paperOf(faces[side], index === 0 ? side : null);
      const left = side === "right" ? -part.start : part.start + width - paperWidth;
      place(paper, { left, top: 0, width: paperWidth, height });
      face.append(paper, ...shades[side]);
      root.append(face);
    }
    return { root, shades };
  }
}

function makeShades(): [HTMLElement, HTMLElement] {
  return [element("div", { class: "shade inner" }), element("div", { class: "shade outer" })];
}

/** The picture of a face; the strip at the fold carries the fold's shade, as the page at rest does. */
function paperOf(face: Face, foldSide: Side | null): HTMLElement {
  const paper = element("div", { class: foldSide === null ? "paper" : `paper fold-${foldSide}` });
  if (face.src !== null)
    paper.append(element("img", { src: face.src, alt: "", decoding: "sync", draggable: "false" }));
  return paper;
}
