/** What stands on the stage while there is no page to show: how far the conversion is, or why there is no book. */

import { element } from "../render/dom";
import type { Words } from "./words";

export class Waiting {
  readonly root: HTMLElement;
  readonly #sentence = element("p", { role: "status" });
  readonly #reason = element("p", { class: "reason" });
  readonly #bar = element("progress", { max: 100, value: 0 });

  constructor(private readonly words: Words) {
    this.#bar.setAttribute("aria-label", words.preparing);
    this.root = element(
      "div",
      { class: "waiting" },
      element("div", { class: "sheet" }),
      this.#sentence,
      this.#bar,
    );
  }

  preparing(percent: number): void {
    this.#sentence.textContent = this.words.preparing;
    this.#bar.value = percent;
  }

  failed(reason: string | null): void {
    this.root.classList.add("failed");
    this.#sentence.textContent = this.words.failed;
    this.#reason.textContent = reason || this.words.failedReason;
    this.#bar.replaceWith(this.#reason);
  }
}
