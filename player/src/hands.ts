/** What fingers and mouse do to this book: the arbiter's target. */

import type { Direction } from "./core/manifest";
import { forwardSide } from "./core/spreads";
import type { Point } from "./core/zoom";
import type { GestureTarget } from "./gestures/pointers";
import type { Ground } from "./gestures/table";
import { type Grip, seenAt, solveFalling } from "./render/bend";
import { type BookView, EYE } from "./render/bookView";
import type { Turn } from "./render/turn";
import type { Turning } from "./turning";
import type { Zooming } from "./zooming";

const EDGE_PART = 0.12;
const NARROWEST_EDGE_PX = 44;
const WIDEST_EDGE_PART = 0.25;
/** Pixels a millisecond that make a release a flick. */
const FLICK = 0.35;

interface Held {
  readonly turn: Turn;
  readonly start: Point;
  readonly towards: "left" | "right";
  /** The point of the leaf under the finger; null where the finger is not on the leaf. */
  readonly grip: Grip | null;
}

export class Hands implements GestureTarget {
  #held: Held | null = null;

  constructor(
    private readonly stage: HTMLElement,
    private readonly space: HTMLElement,
    private readonly view: BookView,
    private readonly turning: Turning,
    private readonly zooming: Zooming,
    private readonly direction: Direction,
  ) {}

  get zoomed(): boolean {
    return this.zooming.isZoomed;
  }

  toSpace(clientX: number, clientY: number): Point {
    const rect = this.space.getBoundingClientRect();
    return { x: clientX - rect.left - rect.width / 2, y: clientY - rect.top - rect.height / 2 };
  }

  groundAt(point: Point, element: Element | null): Ground {
    if (element?.closest("a.link")) return "link";
    if (element?.closest("button, input, a, .drawer, .share")) return "control";
    const place = this.#placeAt(point);
    if (place === "edge") return "edge";
    return element?.closest(".line") ? "text" : place;
  }

  turnBegins(start: Point, towards: "left" | "right", kind: "mouse" | "touch"): boolean {
    const forward = (towards === "left") === (forwardSide(this.direction) === "right");
    const along = this.#alongLifted(start, towards);
    if (kind === "mouse" && this.view.layout === "double" && along === null) return false;
    const turn = this.turning.lift(forward ? 1 : -1);
    if (turn === null) return false;
    const grip =
      along === null
        ? null
        : { along: Math.max(along, 0.35), eye: EYE, lead: turn.leaf.lead, strips: turn.leaf.strips };
    this.#held = { turn, start, towards, grip };
    return true;
  }

  turnMoves(point: Point): void {
    const held = this.#held;
    if (held === null) return;
    const { turn, grip, start } = held;
    if (grip === null) {
      const moved = (point.x - start.x) * (held.towards === "left" ? -1 : 1);
      return turn.hold(Math.min(Math.max(moved / turn.leaf.width, 0), 1));
    }
    const progressOf = (turned: number) => (turn.leftwards ? turned : 1 - turned);
    const turned = solveFalling(
      point.x,
      (each) => this.view.foldAt(progressOf(each)) + seenAt(each, grip) * turn.leaf.width,
    );
    turn.hold(progressOf(turned));
  }

  turnEnds(velocityX: number): void {
    const held = this.#held;
    this.#held = null;
    if (held === null) return;
    const speed = held.towards === "left" ? -velocityX : velocityX;
    const completes = Math.abs(speed) > FLICK ? speed > 0 : held.turn.progress > 0.5;
    this.turning.release(held.turn, completes);
  }

  panMoves(deltaX: number, deltaY: number): void {
    this.zooming.panBy(deltaX, deltaY);
  }

  panEnds(velocity: Point): void {
    this.zooming.glide(velocity);
  }

  pinches(factor: number, about: Point): void {
    this.turning.land();
    this.zooming.by(factor, about);
  }

  pinchEnds(): void {
    this.#held = null;
  }

  edgeTapped(point: Point): void {
    this.turning.step(this.#sideOf(point) === forwardSide(this.direction) ? 1 : -1);
  }

  zoomTapped(point: Point): void {
    this.turning.land();
    this.zooming.toggleAt(point);
  }

  /** The cursor says what a press would do, and the corner of a page that would turn lifts a little. */
  hovers(point: Point | null, element: Element | null): void {
    const ground = point === null ? "stage" : this.groundAt(point, element);
    const side = point !== null && ground === "edge" && !this.zoomed ? this.#sideOf(point) : "";
    const { dataset } = this.stage;
    const cursor = this.zoomed ? "grab" : ground;
    if (dataset.cursor !== cursor) dataset.cursor = cursor;
    if (dataset.peel !== side) dataset.peel = side;
  }

  #sideOf(point: Point): "left" | "right" {
    return point.x > this.view.fold + this.#middleOfSingle() ? "right" : "left";
  }

  /** In a single layout the fold is the page's edge, and both halves are on one side of it. */
  #middleOfSingle(): number {
    const box = this.view.boxes[0];
    return this.view.layout === "single" && box !== undefined ? box.left + box.width / 2 : 0;
  }

  #placeAt(point: Point): "edge" | "outer" | "inner" | "stage" {
    const x = point.x - this.view.fold;
    const y = point.y - this.view.shiftY;
    const box = this.view.boxes.find(
      (each) => x >= each.left && x <= each.left + each.width && y >= each.top && y <= each.top + each.height,
    );
    if (box === undefined) return "stage";
    const edge = Math.min(Math.max(box.width * EDGE_PART, NARROWEST_EDGE_PX), box.width * WIDEST_EDGE_PART);
    const fromOuter = box.side === "left" ? x - box.left : box.left + box.width - x;
    const nearest =
      this.view.layout === "single" ? Math.min(x - box.left, box.left + box.width - x) : fromOuter;
    if (nearest <= edge) return "edge";
    return this.view.layout === "single" || fromOuter <= box.width / 2 ? "outer" : "inner";
  }

  /** How far from the fold the leaf that moves `towards` is gripped; null off the leaf. */
  #alongLifted(start: Point, towards: "left" | "right"): number | null {
    const box = this.view.boxes.find((each) => each.side !== towards);
    if (box === undefined) return null;
    const along = Math.abs(start.x - this.view.fold) / box.width;
    const onSide = start.x - this.view.fold > 0 === (box.side === "right");
    return onSide && along <= 1.05 ? Math.min(along, 1) : null;
  }
}
