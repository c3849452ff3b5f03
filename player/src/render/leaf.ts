/** The leaf in the air: strips with two faces each, made when a turn starts, gone when it ends. Seen, never touched. */

import type { Side } from "../core/spreads";
import { bend, shadeOf } from "./bend";
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
  readonly shades: Record<Side, HTMLElement>;
}

/** Strips overlap by this much, so that no seam shows between them. */
const OVERLAP_PX = 1;

export class Leaf {
  readonly root = element("div", { class: "leaf", "aria-hidden": "true" });
  readonly width: number;
  readonly #strips: Strip[] = [];
  readonly #shadow = element("div", { class: "cast" });
  readonly #options: LeafOptions;

  constructor(faces: Record<Side, Face>, options: LeafOptions) {
    this.#options = options;
    this.width = Math.max(faces.left.width, faces.right.width);
    const top = Math.min(faces.left.top, faces.right.top);
    const height = Math.max(faces.left.height, faces.right.height);
    this.root.style.perspective = `${options.eye}px`;
    this.root.style.perspectiveOrigin = "0 0";
    this.#shadow.style.height = `${height}px`;
    this.#shadow.style.top = `${top}px`;
    this.#shadow.style.width = `${this.width}px`;
    this.root.append(this.#shadow);
    const snap = (length: number) => Math.round(length * options.pixelRatio) / options.pixelRatio;
    for (let index = 0; index < options.strips; index += 1) {
      const start = snap((this.width * index) / options.strips);
      const end = snap((this.width * (index + 1)) / options.strips);
      const strip = this.#makeStrip(faces, { start, end, top, height }, index);
      this.#strips.push(strip);
      this.root.append(strip.root);
    }
  }

  /** Bends the leaf: `turned` is 0 where it lies right, 1 where it lies left. */
  bendTo(turned: number): void {
    const poses = bend(turned, this.#strips.length, this.#options.towards);
    this.#strips.forEach((strip, index) => {
      const pose = poses[index];
      if (pose === undefined) return;
      const shade = shadeOf(pose.angle);
      strip.root.style.transform =
        `translate3d(${(pose.x * this.width).toFixed(2)}px,0,${(pose.z * this.width).toFixed(2)}px) ` +
        `rotateY(${(-pose.angle).toFixed(4)}rad)`;
      strip.shades.right.style.opacity = shade.right.toFixed(3);
      strip.shades.left.style.opacity = shade.left.toFixed(3);
    });
    this.#castShadow(turned, poses[poses.length - 1]?.x ?? 0);
  }

  remove(): void {
    this.root.remove();
  }

  #castShadow(turned: number, edge: number): void {
    const reach = Math.sign(edge || 1) * Math.min(Math.max(Math.abs(edge) * 1.12, 0.08), 1);
    this.#shadow.style.transform = `scaleX(${reach.toFixed(3)})`;
    this.#shadow.style.opacity = (0.55 * Math.sin(Math.PI * turned) ** 0.7).toFixed(3);
  }

  #makeStrip(
    faces: Record<Side, Face>,
    part: { start: number; end: number; top: number; height: number },
    index: number,
  ): Strip {
    const root = element("div", { class: "strip" });
    const width = part.end - part.start + (part.end < this.width ? OVERLAP_PX : 0);
    place(root, { left: 0, top: part.top, width, height: part.height });
    const shades = { left: element("div", { class: "shade" }), right: element("div", { class: "shade" }) };
    for (const side of ["right", "left"] as const) {
      const face = element("div", { class: `face ${side}` });
      const left = side === "right" ? -part.start : part.start + width - faces.left.width;
      const paper = paperOf(faces[side], index === 0 ? side : null);
      place(paper, { ...faces[side], left, top: faces[side].top - part.top });
      paper.append(shades[side]);
      face.append(paper);
      root.append(face);
    }
    return { root, shades };
  }
}

/** The picture of a face; the strip at the fold carries the fold's shade, as the page at rest does. */
function paperOf(face: Face, foldSide: Side | null): HTMLElement {
  const paper = element("div", { class: foldSide === null ? "paper" : `paper fold-${foldSide}` });
  if (face.src !== null)
    paper.append(element("img", { src: face.src, alt: "", decoding: "sync", draggable: "false" }));
  return paper;
}
