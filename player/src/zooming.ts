/** Looking closer: zoom and pan, previewed by scaling while it moves, laid out sharply once it settles. */

import type { Size } from "./core/book";
import type { Emitter } from "./core/events";
import {
  clampView,
  isZoomed,
  type Point,
  readingStart,
  stepFrom,
  type View,
  WHOLE,
  zoomAbout,
} from "./core/zoom";
import type { PlayerEvents } from "./events";
import type { BookView } from "./render/bookView";

const ZOOM_MS = 200;
const SETTLE_MS = 180;
const TAP_ZOOM = 2.2;
const MIDDLE: Point = { x: 0, y: 0 };
/** Velocity falls to a third in this time after a flick. */
const GLIDE_MS = 220;
const SLOWEST_GLIDE = 0.02;

export interface ZoomingOptions {
  readonly still: () => boolean;
  readonly rtl: boolean;
}

export class Zooming {
  #view: View = WHOLE;
  #settled: View = WHOLE;
  /** Where an animation is going. */
  #goal: View | null = null;
  #space: Size = { width: 1, height: 1 };
  #place = 1;
  #frame: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly book: BookView,
    private readonly events: Emitter<PlayerEvents>,
    private readonly options: ZoomingOptions,
  ) {}

  get view(): View {
    return this.#view;
  }

  get isZoomed(): boolean {
    return isZoomed(this.#view);
  }

  resize(space: Size): void {
    this.#stop();
    this.#space = space;
    this.#view = this.isZoomed ? this.#clamped(this.#view) : WHOLE;
    this.#settled = this.#view;
  }

  /** The spread at rest is that of `place`. */
  at(place: number): void {
    this.#place = place;
  }

  step(direction: 1 | -1): void {
    const from = this.#goal ?? this.#view;
    this.#animate(zoomAbout(from, stepFrom(from.zoom, direction), MIDDLE));
  }

  reset(): void {
    if (this.isZoomed) this.#animate(WHOLE);
  }

  /** A double tap: to the point, or back. */
  toggleAt(point: Point): void {
    this.#animate(this.isZoomed ? WHOLE : zoomAbout(this.#view, TAP_ZOOM, point));
  }

  /** A pinch or wheel: follows at once, settles later. */
  by(factor: number, about: Point): void {
    this.#stop();
    this.#show(zoomAbout(this.#view, this.#view.zoom * factor, about));
    this.#settleSoon();
  }

  panBy(deltaX: number, deltaY: number): void {
    if (!this.isZoomed) return;
    this.#stop();
    this.#show({ ...this.#view, x: this.#view.x + deltaX, y: this.#view.y + deltaY });
    this.#settleSoon();
  }

  /** The finger left the page with this velocity (pixels a millisecond): the page glides on. */
  glide(velocity: Point): void {
    if (this.options.still() || Math.hypot(velocity.x, velocity.y) < 0.3) return;
    let last_ms: number | null = null;
    let { x, y } = velocity;
    const tick = (now_ms: number) => {
      const elapsed_ms = last_ms === null ? 16 : now_ms - last_ms;
      last_ms = now_ms;
      this.#show({ ...this.#view, x: this.#view.x + x * elapsed_ms, y: this.#view.y + y * elapsed_ms });
      const slower = Math.exp(-elapsed_ms / GLIDE_MS);
      x *= slower;
      y *= slower;
      if (Math.hypot(x, y) > SLOWEST_GLIDE) this.#frame = requestAnimationFrame(tick);
      else this.#settle();
    };
    this.#stop();
    this.#frame = requestAnimationFrame(tick);
  }

  /** Another page while zoomed: the zoom stays, reading starts at its corner. */
  toReadingStart(place: number): void {
    this.#stop();
    this.#place = place;
    if (!this.isZoomed) return;
    const { zoom } = this.#view;
    this.#view = readingStart(zoom, this.book.outlineOf(place, zoom), this.#space, this.options.rtl);
    this.#settled = this.#view;
  }

  /** Whether the page can still be moved that way; an arrow key turns where it cannot. */
  canPan(deltaX: number, deltaY: number): boolean {
    const moved = this.#clamped({ ...this.#view, x: this.#view.x + deltaX, y: this.#view.y + deltaY });
    return Math.abs(moved.x - this.#view.x) > 1 || Math.abs(moved.y - this.#view.y) > 1;
  }

  stop(): void {
    this.#stop();
  }

  #animate(goal: View): void {
    this.#stop();
    const from = this.#view;
    const to = isZoomed(goal) ? this.#clamped(goal) : WHOLE;
    if (this.options.still()) {
      this.#view = to;
      return this.#settle();
    }
    this.#goal = to;
    let start_ms: number | null = null;
    const tick = (now_ms: number) => {
      start_ms ??= now_ms;
      const time = Math.min((now_ms - start_ms) / ZOOM_MS, 1);
      const eased = 1 - (1 - time) ** 3;
      const mix = (a: number, b: number) => a + (b - a) * eased;
      this.#view = { zoom: mix(from.zoom, to.zoom), x: mix(from.x, to.x), y: mix(from.y, to.y) };
      this.book.preview(this.#view);
      if (time < 1) this.#frame = requestAnimationFrame(tick);
      else this.#settle();
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #show(view: View): void {
    this.#view = this.#clamped(view);
    this.book.preview(this.#view);
  }

  #clamped(view: View): View {
    return clampView(view, this.book.outlineOf(this.#place, view.zoom), this.#space);
  }

  #settleSoon(): void {
    this.#timer = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #settle(): void {
    this.#stop();
    if (!this.isZoomed) this.#view = WHOLE;
    const changed = this.#view.zoom !== this.#settled.zoom;
    this.#settled = this.#view;
    this.book.rest(this.#place, this.#view);
    this.book.sharpen();
    if (changed) this.events.emit("interact", undefined);
    this.events.emit("zoom", { zoom: this.#view.zoom });
  }

  #stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#frame = null;
    this.#timer = null;
    this.#goal = null;
  }
}
