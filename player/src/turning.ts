/** Going from page to page: asks the navigator what to do, and lets the book view do it. */

import type { Book } from "./core/book";
import type { Emitter } from "./core/events";
import { Navigator, type Step } from "./core/navigator";
import { pageOf, type Spreads } from "./core/spreads";
import type { PlayerEvents } from "./events";
import type { BookView } from "./render/bookView";
import { fadeIn, type Turn } from "./render/turn";
import type { Zooming } from "./zooming";

const TURN_MS = 620;
const HURRIED_TURN_MS = 280;
const LANDING_MS = 90;
const FADE_MS = 160;

export class Turning {
  readonly #navigator: Navigator;
  #place: number;
  #jumped = false;
  #fade = new AbortController();

  constructor(
    private readonly book: Book,
    private readonly view: BookView,
    private readonly zooming: Zooming,
    private readonly events: Emitter<PlayerEvents>,
    /** True where the reader wants no motion. */
    private readonly still: () => boolean,
    start: number,
  ) {
    this.#place = start;
    this.#navigator = new Navigator(this.#spreads.anchorOf(start));
  }

  /** The page that the reader is at, or on the way to. */
  get page(): number {
    return pageOf(this.#place);
  }

  /** The same, as a place: half of a spread page may be all that is seen of it. */
  get place(): number {
    return this.#place;
  }

  get hasNext(): boolean {
    return this.#neighbour(1) !== null;
  }

  get hasPrevious(): boolean {
    return this.#neighbour(-1) !== null;
  }

  /** Starts reading at `page`; `show` is to follow, once the space is known. */
  openAt(page: number): void {
    this.#place = page;
  }

  /** Turns one leaf. `held`: a key is held down; leaves then follow one another, and none is queued. */
  step(direction: 1 | -1, held = false): void {
    if (held && this.#navigator.isTurning) return;
    const place = this.#neighbour(direction);
    if (place !== null) this.#go(place, { counts: true, jumped: false, hurried: held });
  }

  /** Goes to any page by one leaf. `counts`: it is an interaction of its own. */
  jump(page: number, counts = true): void {
    this.#go(this.book.clamp(page), { counts, jumped: true, hurried: false });
  }

  /** Lifts a leaf for a finger; null when there is none to lift. */
  lift(direction: 1 | -1): Turn | null {
    this.land();
    const place = this.#neighbour(direction);
    if (place === null) return null;
    const step = this.#navigator.request(place);
    if (step?.kind !== "turn") return null;
    this.events.emit("leave", undefined);
    return this.view.startTurn(step.from, step.to);
  }

  /** The finger lets the leaf go. */
  release(turn: Turn, completes: boolean): void {
    if (completes) {
      this.#place = this.#navigator.goal;
      this.#jumped = false;
      this.events.emit("interact", undefined);
    } else this.#navigator.request(this.#navigator.resting);
    turn.release(completes ? 1 : 0, TURN_MS, (where) => this.#landed(where));
  }

  /** Ends any turn at once: the reader is where they wanted to be, flat. */
  land(): void {
    if (this.#navigator.isTurning) this.show();
  }

  /** Shows the reader's page flat, in the layout of now. */
  show(): void {
    const anchor = this.#spreads.anchorOf(this.#place);
    this.#navigator.reset(anchor);
    this.view.rest(anchor, this.zooming.view);
    this.#rest();
  }

  get #spreads(): Spreads {
    return this.book.spreads(this.view.layout);
  }

  #neighbour(direction: 1 | -1): number | null {
    return direction === 1 ? this.#spreads.nextOf(this.#place) : this.#spreads.previousOf(this.#place);
  }

  #go(place: number, how: { counts: boolean; jumped: boolean; hurried: boolean }): void {
    if (place === this.#place) return;
    this.#place = place;
    this.#jumped = how.jumped;
    if (how.counts) this.events.emit("interact", undefined);
    const step = this.#navigator.request(this.#spreads.anchorOf(place));
    if (step === null && !this.#navigator.isTurning) this.#rest();
    else if (step !== null) this.#perform(step, how.hurried);
  }

  #perform(step: Step, hurried: boolean): void {
    if (step.kind === "hurry") return this.view.turn?.hurry(LANDING_MS);
    if (step.kind === "steer") return this.view.turn?.steer(step.to === "goal" ? 1 : 0, HURRIED_TURN_MS);
    this.events.emit("leave", undefined);
    if (this.still() || this.zooming.isZoomed) return this.#appear(step.to);
    const turn = this.view.startTurn(step.from, step.to);
    turn.release(1, hurried || step.hurried ? HURRIED_TURN_MS : TURN_MS, (where) => this.#landed(where));
  }

  /** No turn: the new pages are there. */
  #appear(place: number): void {
    this.zooming.toReadingStart(place);
    this.view.rest(place, this.zooming.view);
    this.#fade.abort();
    this.#fade = new AbortController();
    void fadeIn(this.view.root, FADE_MS, this.#fade.signal);
    this.#navigator.landed("goal");
    this.#rest();
  }

  #landed(where: "goal" | "origin"): void {
    const step = this.#navigator.landed(where);
    this.view.rest(this.#navigator.resting, this.zooming.view);
    if (step === null) this.#rest();
    else this.#perform(step, true);
  }

  #rest(): void {
    this.events.emit("rest", { page: this.page, pages: this.view.spread, jumped: this.#jumped });
    this.#jumped = false;
  }
}
