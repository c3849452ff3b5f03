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
  readonly #field: HTMLTextAreaElement;
  readonly #status = element("span", { class: "share-status", role: "status" });

  constructor(private readonly options: ShareOptions) {
    const { words } = options;
    this.#field = element("textarea", {
      readonly: true,
      rows: 2,
      spellcheck: "false",
      "aria-label": words.shareHint,
    });
    const button = element("button", { type: "button", class: "primary" }, words.copy);
    button.addEventListener("click", () => void this.#copy());
    this.#field.addEventListener("focus", () => this.#select());
    this.root = element(
      "div",
      { class: "share", role: "dialog", "aria-label": words.share, hidden: true },
      element("span", { class: "share-hint", "aria-hidden": "true" }, words.shareHint),
      this.#field,
      element("div", { class: "share-row" }, this.#status, button),
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

  /** Backwards, so that a field too low for a very long link shows where it begins. */
  #select(): void {
    this.#field.setSelectionRange(0, this.#field.value.length, "backward");
    this.#field.scrollTop = 0;
  }

  async #copy(): Promise<void> {
    const { words, copy } = this.options;
    const copied = await copy(this.#field.value);
    this.#select();
    this.#status.textContent = copied ? words.copied : words.copyByHand;
  }
}
