/**
 * Where the reader is and wants to be, while a leaf is in the air. No DOM, no clock.
 *
 * However fast the presses come, one leaf turns at a time, and the last one always lands on the goal.
 * Pages here are anchors: the first page of their spread.
 */

/** What the renderer has to do now. */
export type Step =
  | { readonly kind: "turn"; readonly from: number; readonly to: number; readonly hurried: boolean }
  /** Let the leaf in the air land sooner. */
  | { readonly kind: "hurry" }
  /** Let the leaf in the air go on, or back, to where `to` says. */
  | { readonly kind: "steer"; readonly to: "goal" | "origin" };

export class Navigator {
  #resting: number;
  #landing: number | null = null;
  #goal: number;

  constructor(page: number) {
    this.#resting = page;
    this.#goal = page;
  }

  /** Page at rest, or the one that the leaf in the air came from. */
  get resting(): number {
    return this.#resting;
  }

  /** Page that the reader asked for last. */
  get goal(): number {
    return this.#goal;
  }

  get isTurning(): boolean {
    return this.#landing !== null;
  }

  /** The reader wants `page`; null when nothing has to be done. */
  request(page: number): Step | null {
    if (page === this.#goal) return null;
    this.#goal = page;
    if (this.#landing === null) return this.#begin(false);
    if (page === this.#landing) return { kind: "steer", to: "goal" };
    if (page === this.#resting) return { kind: "steer", to: "origin" };
    return { kind: "hurry" };
  }

  /** The leaf has landed on its destination, or fell back; returns the next turn, if one is due. */
  landed(where: "goal" | "origin"): Step | null {
    if (this.#landing !== null && where === "goal") this.#resting = this.#landing;
    this.#landing = null;
    return this.#resting === this.#goal ? null : this.#begin(true);
  }

  /** Forgets any turn: the reader is at `page` now (another layout, an immediate jump). */
  reset(page: number): void {
    this.#resting = page;
    this.#goal = page;
    this.#landing = null;
  }

  #begin(hurried: boolean): Step {
    this.#landing = this.#goal;
    return { kind: "turn", from: this.#resting, to: this.#goal, hurried };
  }
}
