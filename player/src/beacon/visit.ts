/** Counts one visit (stats.md): active seconds, interactions, and what each page got. Pure; instants in milliseconds. */

/** How long a sign of life lasts. */
export const LIFE_MS = 60_000;
/** A page is seen once it has been on the screen for this long. */
const SEEN_MS = 1000;

interface PageCount {
  active_ms: number;
  times: number;
  clicks: number;
}

/** The state of a visit so far (contracts/beacon.schema.json, without token and number). */
export interface VisitState {
  readonly active: number;
  readonly views: number;
  readonly pages: readonly (readonly [page: number, active: number, times: number, clicks: number])[];
}

export class Visit {
  readonly #pages = new Map<number, PageCount>();
  #active_ms = 0;
  #views = 0;
  #visible = true;
  #lastSign_ms: number;
  #counted_ms: number;
  #shown: readonly number[] = [];
  #shownFor_ms = 0;

  /** The page was loaded and shown at `now_ms`: the first sign of life. */
  constructor(now_ms: number) {
    this.#lastSign_ms = now_ms;
    this.#counted_ms = now_ms;
  }

  /** The reader moved, pressed or scrolled something. */
  sign(now_ms: number): void {
    this.#count(now_ms);
    this.#lastSign_ms = now_ms;
  }

  setVisible(visible: boolean, now_ms: number): void {
    this.#count(now_ms);
    this.#visible = visible;
    if (visible) this.#lastSign_ms = now_ms;
  }

  /** These pages are on the screen, at rest. */
  show(pages: readonly number[], now_ms: number): void {
    this.#count(now_ms);
    if (pages.join() === this.#shown.join()) return;
    this.#shown = [...pages];
    this.#shownFor_ms = 0;
  }

  /** One interaction: a turn, a zoom, a jump, a link, full screen, share, download. */
  interact(now_ms: number): void {
    this.sign(now_ms);
    this.#views += 1;
  }

  /** One interaction that was a link of `page`. */
  click(page: number, now_ms: number): void {
    this.interact(now_ms);
    this.#of(page).clicks += 1;
  }

  /** Visible, and a sign of life in the last minute. */
  isActive(now_ms: number): boolean {
    return this.#visible && now_ms - this.#lastSign_ms < LIFE_MS;
  }

  state(now_ms: number): VisitState {
    this.#count(now_ms);
    const pages = [...this.#pages].map(
      ([page, count]) => [page, toSeconds(count.active_ms), count.times, count.clicks] as const,
    );
    return { active: toSeconds(this.#active_ms), views: this.#views, pages };
  }

  #count(now_ms: number): void {
    const end_ms = Math.min(now_ms, this.#lastSign_ms + LIFE_MS);
    const elapsed_ms = this.#visible ? Math.max(end_ms - this.#counted_ms, 0) : 0;
    this.#counted_ms = Math.max(this.#counted_ms, now_ms);
    if (elapsed_ms === 0) return;
    this.#active_ms += elapsed_ms;
    const before_ms = this.#shownFor_ms;
    this.#shownFor_ms += elapsed_ms;
    for (const page of this.#shown) {
      const count = this.#of(page);
      count.active_ms += elapsed_ms;
      if (before_ms < SEEN_MS && this.#shownFor_ms >= SEEN_MS) count.times += 1;
    }
  }

  #of(page: number): PageCount {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const count: PageCount = { active_ms: 0, times: 0, clicks: 0 };
    this.#pages.set(page, count);
    return count;
  }
}

const toSeconds = (time_ms: number): number => Math.round(time_ms / 100) / 10;
