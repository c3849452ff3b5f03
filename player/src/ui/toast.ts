/** A short word to the reader over the book, seen and heard, that goes by itself. */

import { element } from "../render/dom";

const SHOWN_MS = 5000;

export class Toast {
  readonly root = element("div", { class: "toast", role: "status" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.root.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  /** A word that stays until another is said. */
  keep(text: string): void {
    clearTimeout(this.#timer);
    this.root.textContent = text;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.root.textContent = "";
  }
}
