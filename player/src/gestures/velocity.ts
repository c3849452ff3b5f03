/** How fast a pointer moves, from its last few positions. No DOM. */

const WINDOW_MS = 90;

export class Velocity {
  #samples: { x: number; y: number; at_ms: number }[] = [];

  add(x: number, y: number, at_ms: number): void {
    this.#samples = this.#samples.filter((sample) => at_ms - sample.at_ms <= WINDOW_MS);
    this.#samples.push({ x, y, at_ms });
  }

  /** Pixels a millisecond at `at_ms`; zero when the pointer has rested. */
  at(at_ms: number): { x: number; y: number } {
    const first = this.#samples.find((sample) => at_ms - sample.at_ms <= WINDOW_MS);
    const last = this.#samples[this.#samples.length - 1];
    if (first === undefined || last === undefined || last.at_ms <= first.at_ms) return { x: 0, y: 0 };
    const elapsed_ms = last.at_ms - first.at_ms;
    return { x: (last.x - first.x) / elapsed_ms, y: (last.y - first.y) / elapsed_ms };
  }
}
