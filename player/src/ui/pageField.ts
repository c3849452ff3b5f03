/** "12 / 120": shows where the reader is and takes a number or a label. */

import { element } from "../render/dom";
import type { Words } from "./words";

export class PageField {
  readonly root = element("form", { class: "page-field", dir: "ltr" });
  readonly #input: HTMLInputElement;
  readonly #total = element("span", { class: "total" });
  #text = "";

  /** `entered` gets what was typed; it answers whether there is such a page. */
  constructor(words: Words, entered: (text: string) => boolean) {
    this.#input = element("input", {
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      enterkeyhint: "go",
      maxlength: 12,
      "aria-label": words.pageField,
    });
    this.root.append(this.#input, this.#total);
    this.#input.addEventListener("focus", () => this.#input.select());
    this.#input.addEventListener("blur", () => this.#restore());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#input.blur();
      event.stopPropagation();
    });
    this.#input.addEventListener("input", () => this.#input.setCustomValidity(""));
    this.root.noValidate = true;
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (entered(this.#input.value)) this.#input.blur();
      else this.#refuse(words.noSuchPage(this.#input.value));
    });
  }

  /** `labels` of the pages shown; `total` is 0 while it is not known. */
  show(labels: readonly string[], total: number): void {
    this.#text = labels.length === 2 ? `${labels[0]}–${labels[1]}` : (labels[0] ?? "");
    this.#total.textContent = total > 0 ? `/ ${total}` : "";
    this.#input.size = Math.max(this.#text.length, 3);
    if (document.activeElement !== this.#input) this.#restore();
  }

  #refuse(reason: string): void {
    this.#input.select();
    this.#input.setCustomValidity(reason);
    this.#input.reportValidity();
  }

  #restore(): void {
    this.#input.setCustomValidity("");
    this.#input.value = this.#text;
  }
}
