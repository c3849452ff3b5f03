/** The one voice for screen readers: polite, and only once the reader has come to rest. */

import { element } from "../render/dom";

const SETTLE_MS = 400;

export class Announcer {
  readonly root = element("div", { class: "heard-only", role: "status", "aria-live": "polite" });
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Says `text` unless something else comes first. */
  say(text: string): void {
    this.silence();
    this.#timer = setTimeout(() => {
      this.root.textContent = text;
      this.#timer = null;
    }, SETTLE_MS);
  }

  /** What was about to be said is out of date. */
  silence(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
