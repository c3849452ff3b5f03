/** The arbiter: turns pointers on the stage into one drag, pinch, pan or tap at a time, as the table says. */

import type { Point } from "../core/zoom";
import { DOUBLE_TAPS, DRAGS, type DragMeaning, type Ground, meaningOf, type Press, TAPS } from "./table";
import { Velocity } from "./velocity";

/** What the player does with them. Points are CSS pixels from the middle of the free space. */
export interface GestureTarget {
  readonly zoomed: boolean;
  toSpace(clientX: number, clientY: number): Point;
  groundAt(point: Point, element: Element | null): Ground;
  /** A drag began at `start` and moves to the left or right; false when there is nothing to turn there. */
  turnBegins(start: Point, towards: "left" | "right", kind: "mouse" | "touch"): boolean;
  turnMoves(point: Point): void;
  turnEnds(velocityX: number): void;
  panMoves(deltaX: number, deltaY: number): void;
  panEnds(velocity: Point): void;
  pinches(factor: number, about: Point): void;
  pinchEnds(): void;
  edgeTapped(point: Point): void;
  zoomTapped(point: Point): void;
  /** A mouse is over the stage without being pressed; null when it left. */
  hovers(point: Point | null, element: Element | null): void;
}

const DRAG_THRESHOLD_PX = { mouse: 4, touch: 8 };
const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_PX = 32;

interface Finger {
  readonly id: number;
  readonly press: Press;
  readonly start: Point;
  last: Point;
}

export class Pointers {
  readonly #fingers = new Map<number, Finger>();
  readonly #abort = new AbortController();
  #velocity = new Velocity();
  #doing: "nothing" | "turn" | "pan" | "pinch" = "nothing";
  #lastTap: { point: Point; at_ms: number } | null = null;
  #dragged = false;

  constructor(
    private readonly stage: HTMLElement,
    private readonly target: GestureTarget,
  ) {
    const { signal } = this.#abort;
    stage.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    stage.addEventListener("pointermove", (event) => this.#move(event), { signal });
    stage.addEventListener("pointerup", (event) => this.#up(event, true), { signal });
    stage.addEventListener("pointercancel", (event) => this.#up(event, false), { signal });
    stage.addEventListener("pointerleave", () => this.target.hovers(null, null), { signal });
    stage.addEventListener("click", (event) => this.#click(event), { signal, capture: true });
    stage.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
  }

  stop(): void {
    this.#abort.abort();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#fingers.size >= 2) return;
    const start = this.target.toSpace(event.clientX, event.clientY);
    const ground = this.target.groundAt(start, event.target instanceof Element ? event.target : null);
    const kind = event.pointerType === "mouse" ? "mouse" : "touch";
    const press = { kind, ground, zoomed: this.target.zoomed, shift: event.shiftKey } as const;
    this.#fingers.set(event.pointerId, { id: event.pointerId, press, start, last: start });
    if (this.#fingers.size === 1) this.#dragged = false;
    this.#velocity = new Velocity();
    this.#velocity.add(start.x, start.y, event.timeStamp);
    if (this.#fingers.size === 2 && ground !== "control") this.#beginPinch();
  }

  #beginPinch(): void {
    if (this.#doing === "turn") this.target.turnEnds(0);
    this.#doing = "pinch";
    this.#dragged = true;
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) return this.#hover(event);
    const before = finger.last;
    const point = this.target.toSpace(event.clientX, event.clientY);
    const other = [...this.#fingers.values()].find((each) => each !== finger);
    finger.last = point;
    this.#velocity.add(point.x, point.y, event.timeStamp);
    if (this.#doing === "nothing") this.#beginDrag(finger);
    else if (this.#doing === "turn") this.target.turnMoves(point);
    else if (this.#doing === "pan") this.target.panMoves(point.x - before.x, point.y - before.y);
    else if (other !== undefined) this.#pinch(before, point, other.last);
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType !== "mouse") return;
    const element = event.target instanceof Element ? event.target : null;
    this.target.hovers(this.target.toSpace(event.clientX, event.clientY), element);
  }

  #beginDrag(finger: Finger): void {
    const { start, last, press } = finger;
    const moved = { x: last.x - start.x, y: last.y - start.y };
    if (Math.hypot(moved.x, moved.y) < DRAG_THRESHOLD_PX[press.kind]) return;
    this.#dragged = true;
    const meaning: DragMeaning = meaningOf(DRAGS, press);
    if (meaning === "pan") this.#doing = "pan";
    if (meaning === "turn" && Math.abs(moved.x) > Math.abs(moved.y)) {
      const towards = moved.x < 0 ? "left" : "right";
      if (this.target.turnBegins(start, towards, press.kind)) this.#doing = "turn";
    }
    if (this.#doing === "nothing") return;
    this.stage.setPointerCapture(finger.id);
    if (this.#doing === "turn") this.target.turnMoves(last);
    else this.target.panMoves(moved.x, moved.y);
  }

  #pinch(before: Point, after: Point, other: Point): void {
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
    this.target.pinches(Math.hypot(after.x - other.x, after.y - other.y) / Math.max(spread, 1), middle);
    this.target.panMoves((after.x - before.x) / 2, (after.y - before.y) / 2);
  }

  #up(event: PointerEvent, deliberate: boolean): void {
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) return;
    this.#fingers.delete(event.pointerId);
    const doing = this.#doing;
    const velocity = this.#velocity.at(event.timeStamp);
    if (doing === "pinch") {
      if (this.#fingers.size === 0) this.#doing = "nothing";
      if (this.#fingers.size === 1) this.target.pinchEnds();
      return;
    }
    this.#doing = "nothing";
    if (doing === "turn") this.target.turnEnds(deliberate ? velocity.x : 0);
    else if (doing === "pan") this.target.panEnds(velocity);
    else if (deliberate && !this.#dragged) this.#tap(finger, event.timeStamp);
  }

  #tap(finger: Finger, at_ms: number): void {
    const { press, last } = finger;
    const previous = this.#lastTap;
    const again =
      previous !== null &&
      at_ms - previous.at_ms < DOUBLE_TAP_MS &&
      Math.hypot(last.x - previous.point.x, last.y - previous.point.y) < DOUBLE_TAP_PX;
    const meaning = meaningOf(again ? DOUBLE_TAPS : TAPS, press);
    this.#lastTap = again ? null : { point: last, at_ms };
    if (meaning === "turn") this.target.edgeTapped(last);
    if (meaning === "zoom") this.target.zoomTapped(last);
  }

  /** A drag that ends over a link does not follow it. */
  #click(event: MouseEvent): void {
    if (!this.#dragged || event.detail === 0) return;
    this.#dragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
