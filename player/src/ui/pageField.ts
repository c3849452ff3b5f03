/** "12 / 120", or "iv (6 of 120)": shows where the reader is and takes a label or a number. */

import type { PageName } from "../core/book";
import { element } from "../render/dom";
import type { Words } from "./words";

export class PageField {
  readonly root = element("form", { class: "page-field", dir: "ltr" });
  readonly #input: HTMLInputElement;
  readonly #total = element("span", { class: "total" });
  #text = "";

  /** `entered` gets what was typed; it answers whether there is such a page, and says so itself when there is none. */
  constructor(
    private readonly words: Words,
    private readonly entered: (text: string) => Promise<boolean>,
  ) {
    this.#input = element("input", {
      type: "text",
      autocomplete: "off",
      enterkeyhint: "go",
      maxlength: 40,
      "aria-label": words.pageField,
    });
    this.root.append(this.#input, this.#total);
    this.#input.addEventListener("focus", () => this.#input.select());
    this.#input.addEventListener("blur", () => this.#restore());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#input.blur();
      event.stopPropagation();
    });
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#enter(this.#input.value.trim());
    });
  }

  /** `total` is 0 while it is not known. */
  show(pages: readonly PageName[], total: number): void {
    this.#text = pages.map(({ label }) => label).join("–");
    this.#total.textContent = this.words.fieldTotal(pages, total);
    this.#input.size = Math.max(this.#text.length, 3);
    if (document.activeElement !== this.#input) this.#restore();
  }

  async #enter(text: string): Promise<void> {
    if (text === "" || text === this.#text) return this.#input.blur();
    const goes = await this.entered(text);
    // Whoever has typed on meanwhile keeps what is theirs.
    if (this.#input.value.trim() !== text) return;
    if (goes) return this.#input.blur();
    this.#restore();
    this.#input.select();
  }

  #restore(): void {
    this.#input.value = this.#text;
  }
}
