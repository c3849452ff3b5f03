/** The scrubber: shows the place in the book, names the page under the thumb, jumps when it is let go. */

import { element } from "../render/dom";
import type { Words } from "./words";

export interface SliderOptions {
  readonly words: Words;
  readonly rtl: boolean;
  readonly nameOf: (page: number) => string;
  readonly chosen: (page: number) => void;
}

export class Slider {
  readonly root: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #bubble = element("output", { class: "bubble", "aria-hidden": "true", hidden: true });
  #held = false;

  constructor(private readonly options: SliderOptions) {
    this.#input = element("input", {
      type: "range",
      min: 1,
      max: 1,
      step: 1,
      value: 1,
      "aria-label": options.words.slider,
      dir: options.rtl ? "rtl" : "ltr",
    });
    this.root = element("div", { class: "slider" }, this.#input, this.#bubble);
    this.#input.addEventListener("input", () => this.#preview());
    this.#input.addEventListener("change", () => this.#choose());
    this.#input.addEventListener("keydown", (event) => event.stopPropagation());
    this.#input.addEventListener("blur", () => this.#release());
  }

  show(page: number, pageCount: number): void {
    if (this.#held) return;
    this.#input.max = String(Math.max(pageCount, 1));
    this.#input.value = String(page);
    this.root.classList.toggle("single", pageCount < 2);
    this.#describe(page);
  }

  #preview(): void {
    const page = Number(this.#input.value);
    this.#held = true;
    this.#bubble.hidden = false;
    this.#bubble.textContent = this.options.nameOf(page);
    this.#describe(page);
  }

  #choose(): void {
    const page = Number(this.#input.value);
    this.#release();
    this.options.chosen(page);
  }

  #release(): void {
    this.#held = false;
    this.#bubble.hidden = true;
  }

  #describe(page: number): void {
    const max = Number(this.#input.max);
    const part = max > 1 ? (page - 1) / (max - 1) : 0;
    this.#input.setAttribute("aria-valuetext", this.options.nameOf(page));
    this.root.style.setProperty("--part", part.toFixed(4));
    this.root.style.setProperty("--seen", (this.options.rtl ? 1 - part : part).toFixed(4));
  }
}
