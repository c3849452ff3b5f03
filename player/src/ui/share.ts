/** The share panel: a link to this page, copied by one press, or by hand where the browser forbids it. */

import { element } from "../render/dom";
import type { Words } from "./words";

export interface ShareOptions {
  readonly words: Words;
  /** Answers whether the text reached the clipboard. */
  readonly copy: (text: string) => Promise<boolean>;
  readonly closed: () => void;
}

export class Share {
  readonly root: HTMLElement;
  readonly #field: HTMLInputElement;
  readonly #status = element("span", { class: "share-status", role: "status" });

  constructor(private readonly options: ShareOptions) {
    const { words } = options;
    this.#field = element("input", { type: "text", readonly: true, "aria-label": words.shareHint });
    const button = element("button", { type: "button", class: "primary" }, words.copy);
    button.addEventListener("click", () => void this.#copy());
    this.#field.addEventListener("focus", () => this.#select());
    this.root = element(
      "div",
      { class: "share", role: "dialog", "aria-label": words.share, hidden: true },
      element("label", { class: "share-hint" }, words.shareHint),
      element("div", { class: "share-row" }, this.#field, button),
      this.#status,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") options.closed();
      event.stopPropagation();
    });
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  open(link: string): void {
    this.#field.value = link;
    this.#status.textContent = "";
    this.root.hidden = false;
    this.#field.focus();
  }

  hide(): void {
    this.root.hidden = true;
  }

  /** Backwards, so that the field shows where the link begins. */
  #select(): void {
    this.#field.setSelectionRange(0, this.#field.value.length, "backward");
    this.#field.scrollLeft = 0;
  }

  async #copy(): Promise<void> {
    const { words, copy } = this.options;
    const copied = await copy(this.#field.value);
    this.#select();
    this.#status.textContent = copied ? words.copied : words.copyByHand;
  }
}
