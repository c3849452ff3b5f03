/** One mounted page: its paper, its image or what stands in for it, and the room for its layers. */

import type { Box } from "../core/fit";
import { element, place } from "./dom";

/** The few words that a page shows itself. */
export interface PageWords {
  readonly retry: string;
  readonly preparing: string;
  readonly failed: string;
}

/** What a page has to show. `number` is as readers know it: a label or a number. */
export type PageContent =
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "loading" | "preparing" | "failed" };

export class PageView {
  readonly root: HTMLElement;
  /** Text and links are put in here, in container units, by the layers. */
  readonly layers = element("div", { class: "layers" });
  readonly #paper = element("div", { class: "paper" });
  #image: HTMLImageElement | null = null;
  #shown = "";

  constructor(
    readonly page: number,
    private readonly number: string,
    private readonly words: PageWords,
    private readonly retry: (page: number) => void,
  ) {
    this.root = element("div", { class: "page", role: "group", hidden: true }, this.#paper, this.layers);
  }

  /** Screen readers hear "Page 5 of 120". */
  label(text: string): void {
    this.root.setAttribute("aria-label", text);
  }

  place(box: Box): void {
    place(this.root, box);
    this.#paper.className = `paper fold-${box.side === "left" ? "left" : "right"}`;
    this.root.dataset.side = box.side;
  }

  set visible(visible: boolean) {
    this.root.hidden = !visible;
  }

  get visible(): boolean {
    return !this.root.hidden;
  }

  /** Takes over an image element that is on the screen already. */
  adopt(image: HTMLImageElement, url: string): void {
    image.className = "";
    this.#put(image, url);
  }

  show(content: PageContent): void {
    const key = content.kind === "image" ? content.url : content.kind;
    const hasBetter = content.kind === "loading" && this.#image !== null;
    if (key === this.#shown || hasBetter) return;
    if (content.kind === "image") {
      this.#put(element("img", { src: content.url, alt: "", decoding: "sync", draggable: "false" }), key);
      return;
    }
    this.#image = null;
    this.#shown = key;
    this.#paper.replaceChildren(this.#notice(content.kind));
  }

  remove(): void {
    this.root.remove();
  }

  #put(image: HTMLImageElement, key: string): void {
    this.#image?.remove();
    this.#image = image;
    this.#shown = key;
    this.#paper.replaceChildren(image);
  }

  #notice(kind: "loading" | "preparing" | "failed"): HTMLElement {
    const notice = element(
      "div",
      { class: `notice ${kind}` },
      element("span", { class: "number" }, this.number),
    );
    if (kind === "preparing") notice.append(element("span", {}, this.words.preparing));
    if (kind === "failed") {
      const button = element("button", { type: "button", class: "retry" }, this.words.retry);
      button.addEventListener("click", () => this.retry(this.page));
      notice.append(element("span", {}, this.words.failed), button);
    }
    return notice;
  }
}
