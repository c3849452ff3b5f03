/** The leaf in the air: strips with two faces each, made when a turn starts, gone when it ends. Seen, never touched. */

import type { Side } from "../core/spreads";
import { angleAt, bend, pointOn, STIFF, SUPPLE, shadeOf } from "./bend";
import { element, place } from "./dom";
import type { Shadows } from "./shadows";

/** One face of the leaf: an image that is decoded already, or plain paper. Lengths in CSS pixels. */
export interface Face {
  readonly src: string | null;
  /** Which half of the image it shows; null: all of it. */
  readonly half: Side | null;
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
  /** A cover bends less. */
  readonly stiff: boolean;
  /** The side where no page may lie: there the leaf fades away. Null in an open book. */
  readonly fadesOn: Side | null;
  readonly shadows: Shadows;
}

interface Strip {
  readonly root: HTMLElement;
  /** How far it begins beyond its even share of the leaf, so as to begin on a device pixel; CSS pixels. */
  readonly offset: number;
  /** Two on each face, one fading away from the fold and one towards it: together a smooth slope of shade. */
  readonly shades: Record<Side, readonly [inner: HTMLElement, outer: HTMLElement]>;
}

/** Strips lie under the next by this much: seen at a slant it must still cover the blurred pixel at that one's edge. */
const OVERLAP_PX = 8;

/** The last part of a turn in which a leaf fades that has nowhere to lie. */
const FADING_PART = 0.4;

export class Leaf {
  readonly root = element("div", { class: "leaf", "aria-hidden": "true" });
  readonly width: number;
  /** How far the free edge is ahead to the left while the leaf is pulled (radians). */
  readonly lead: number;
  readonly #strips: Strip[] = [];
  readonly #options: LeafOptions;

  constructor(faces: Record<Side, Face>, options: LeafOptions) {
    this.#options = options;
    this.lead = (options.stiff ? STIFF : SUPPLE) * (options.towards === "left" ? 1 : -1);
    this.width = Math.max(faces.left.width, faces.right.width);
    const top = Math.min(faces.left.top, faces.right.top);
    const height = Math.max(faces.left.height, faces.right.height);
    this.root.style.perspective = `${options.eye}px`;
    this.root.style.perspectiveOrigin = "0 0";
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

  /**
   * Bends the leaf: `turned` is 0 where it lies right, 1 where it lies left; `pull` is 1 while its edge is pulled along,
   * below 0 where the edge trails.
   */
  bendTo(turned: number, pull: number): void {
    const lead = this.lead * pull;
    const count = this.#strips.length;
    const overlap = OVERLAP_PX / this.width;
    const eye = this.#options.eye / this.width;
    const poses = bend(turned, count, lead);
    this.#strips.forEach((strip, index) => {
      const { x, z, angle } = poses[index] ?? { x: 0, z: 0, angle: 0 };
      const inner = shadeOf(angleAt(index / count, turned, lead));
      const outer = shadeOf(angleAt(Math.min((index + 1) / count + overlap, 1), turned, lead));
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const left = x * this.width + cos * strip.offset;
      const lift = z * this.width + sin * strip.offset;
      strip.root.style.transform = `translate3d(${left.toFixed(3)}px,0,${lift.toFixed(3)}px) rotateY(${(-angle).toFixed(5)}rad)`;
      const seen = sin * x + cos * (eye - z) > 0 ? "right" : "left";
      strip.shades[seen][0].style.opacity = inner[seen].toFixed(3);
      strip.shades[seen][1].style.opacity = outer[seen].toFixed(3);
    });
    this.#options.shadows.fall([...poses, pointOn(poses, 1)], turned);
    this.#fade(turned);
  }

  remove(): void {
    this.root.remove();
    this.#options.shadows.remove();
  }

  #fade(turned: number): void {
    const { fadesOn } = this.#options;
    if (fadesOn === null) return;
    const gone = fadesOn === "left" ? turned : 1 - turned;
    this.root.style.opacity = Math.min((1 - gone) / FADING_PART, 1).toFixed(3);
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
    return { root, offset: part.start - (this.width * index) / this.#options.strips, shades };
  }
}

function makeShades(): [HTMLElement, HTMLElement] {
  return [element("div", { class: "shade inner" }), element("div", { class: "shade outer" })];
}

/** The picture of a face; the strip at the fold carries the fold's shade, as the page at rest does. */
function paperOf(face: Face, foldSide: Side | null): HTMLElement {
  const fold = foldSide === null ? "" : ` fold-${foldSide}`;
  const half = face.half === null ? "" : ` half-${face.half}`;
  const paper = element("div", { class: `paper${fold}${half}` });
  if (face.src !== null)
    paper.append(element("img", { src: face.src, alt: "", decoding: "sync", draggable: "false" }));
  return paper;
}
