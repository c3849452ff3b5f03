/** One turn of one leaf: follows a finger or the clock. Asks for frames only while something moves. */

import { pause } from "./dom";
import type { Leaf } from "./leaf";
import type { Pace } from "./pace";

/** What moves with the progress of a turn: 0 is where it came from, 1 where it goes. */
export type Follow = (progress: number) => void;

const easeInOut = (t: number): number => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);
/** How far the edge trails when a leaf comes down by itself, as a part of how far it is ahead when pulled. */
const TRAIL = 0.4;

const easeOut = (t: number): number => 1 - (1 - t) ** 3;

interface Run {
  readonly from: number;
  readonly fromPull: number;
  readonly to: 0 | 1;
  start_ms: number | null;
  duration_ms: number;
  readonly ease: (t: number) => number;
  readonly done: (where: "goal" | "origin") => void;
}

export class Turn {
  #progress = 0;
  /** 1 while the edge is pulled towards the goal. */
  #pull = 1;
  #frame: number | null = null;
  #run: Run | null = null;

  constructor(
    readonly leaf: Leaf,
    /** True where progress 1 means that the leaf lies on the left. */
    readonly leftwards: boolean,
    readonly follow: Follow,
    readonly pace: Pace,
  ) {
    pace.begin();
    this.#draw(0);
  }

  get progress(): number {
    return this.#progress;
  }

  /** A finger holds the leaf: shows it at `progress` with the next frame. */
  hold(progress: number): void {
    this.#stop();
    this.#progress = progress;
    this.#pull = 1;
    this.#frame = requestAnimationFrame((now_ms) => {
      this.#frame = null;
      this.pace.frame(now_ms);
      this.#draw(progress);
    });
  }

  /** Lets the leaf go to its goal (1) or back (0); `duration_ms` is that of a whole turn. */
  release(to: 0 | 1, duration_ms: number, done: Run["done"]): void {
    this.#stop();
    const from = this.#progress;
    const way = Math.abs(to - from);
    const atRest = from < 0.02 || from > 0.98;
    this.#run = {
      from,
      fromPull: this.#pull,
      to,
      start_ms: null,
      duration_ms: atRest ? duration_ms : Math.max(duration_ms * way, 120),
      ease: atRest ? easeInOut : easeOut,
      done,
    };
    this.#frame = requestAnimationFrame(this.#tick);
  }

  /** The leaf in the air takes this long at most from now on. */
  hurry(remaining_ms: number): void {
    if (this.#run !== null)
      this.release(
        this.#run.to,
        remaining_ms / Math.max(Math.abs(this.#run.to - this.#progress), 0.1),
        this.#run.done,
      );
  }

  /** The leaf in the air goes to the other end, or on. */
  steer(to: 0 | 1, duration_ms: number): void {
    if (this.#run !== null && this.#run.to !== to) this.release(to, duration_ms, this.#run.done);
  }

  end(): void {
    this.#stop();
    this.leaf.remove();
  }

  readonly #tick = (now_ms: number): void => {
    const run = this.#run;
    if (run === null) return;
    run.start_ms ??= now_ms;
    this.pace.frame(now_ms);
    const time = Math.min((now_ms - run.start_ms) / run.duration_ms, 1);
    const part = run.ease(time);
    const toPull = run.to === 1 ? -TRAIL : 1;
    this.#pull = run.fromPull + (toPull - run.fromPull) * part ** 2;
    this.#draw(run.from + (run.to - run.from) * part);
    if (time < 1) {
      this.#frame = requestAnimationFrame(this.#tick);
      return;
    }
    this.#frame = null;
    this.#run = null;
    run.done(run.to === 1 ? "goal" : "origin");
  };

  #draw(progress: number): void {
    this.#progress = progress;
    this.leaf.bendTo(this.leftwards ? progress : 1 - progress, this.#pull);
    this.follow(progress);
  }

  #stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }
}

/** Instead of a turn, where motion is not wanted: the new pages fade in. */
export async function fadeIn(target: HTMLElement, duration_ms: number, signal: AbortSignal): Promise<void> {
  const animation = target.animate?.([{ opacity: 0.25 }, { opacity: 1 }], duration_ms);
  await pause(duration_ms, signal);
  animation?.cancel();
}
