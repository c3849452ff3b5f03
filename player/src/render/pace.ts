/** Watches the frames of turns and makes the leaf simpler where they slip; remembered as long as the page lives. No DOM. */

const SLOW_FRAME_MS = 25;
const WATCHED_FRAMES = 8;
const SLOW_FRAMES_ALLOWED = 2;
/** A frame this late was stopped by something else than drawing. */
const STALL_MS = 250;

/** The first frames of a leaf paint it, however many strips it has. */
const PAINTING_FRAMES = 2;

const STRIP_STEPS: readonly number[] = [10, 6, 1];

export class Pace {
  #step = 0;
  #last_ms: number | null = null;
  #frames = 0;
  #recent: boolean[] = [];

  /** Strips that the next leaf should have; one is a rigid leaf. */
  get strips(): number {
    return STRIP_STEPS[this.#step] ?? 1;
  }

  /** A leaf has been made; the time until its first frame does not count. */
  begin(): void {
    this.#last_ms = null;
    this.#frames = 0;
    this.#recent = [];
  }

  frame(now_ms: number): void {
    const elapsed_ms = this.#last_ms === null ? 0 : now_ms - this.#last_ms;
    this.#last_ms = now_ms;
    this.#frames += 1;
    if (this.#frames <= PAINTING_FRAMES || elapsed_ms > STALL_MS) return;
    this.#recent = [...this.#recent, elapsed_ms > SLOW_FRAME_MS].slice(-WATCHED_FRAMES);
    if (this.#recent.filter(Boolean).length <= SLOW_FRAMES_ALLOWED) return;
    this.#step = Math.min(this.#step + 1, STRIP_STEPS.length - 1);
    this.#recent = [];
  }
}
