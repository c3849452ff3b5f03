/** One mounted page: its paper, its image or what stands in for it, and the room for its layers. */

import type { Box } from "../core/fit";
import type { Side } from "../core/spreads";
import { element, place } from "./dom";

/** The few words that a page shows itself. */
export interface PageWords {
  readonly retry: string;
  readonly preparing: string;
  readonly failed: string;
  readonly unreached: string;
}

/** What a page has to show. `number` is as readers know it: a label or a number. */
export type PageContent = { readonly kind: "image"; readonly url: string } | { readonly kind: NoticeKind };

/** `unreached`: the conversion has failed before this page. */
type NoticeKind = "loading" | "preparing" | "failed" | "unreached";

export class PageView {
  readonly root: HTMLElement;
  /** Text and links are put in here, in container units, by the layers. */
  readonly layers = element("div", { class: "layers" });
  readonly #paper = element("div", { class: "paper" });
  #image: HTMLImageElement | null = null;
  #shown = "";

  /** `place` is where its page lies: for half of a spread page N or N + ½. */
  constructor(
    readonly place: number,
    private readonly number: string,
    private readonly words: PageWords,
    private readonly retry: (place: number) => void,
  ) {
    this.root = element("div", { class: "page", role: "group", hidden: true }, this.#paper, this.layers);
  }

  /** Screen readers hear "Page 5 of 120". */
  label(text: string): void {
    this.root.setAttribute("aria-label", text);
  }

  /** Lies in `box`, and shows the `half` of its page, or all of it. */
  layIn(box: Box, half: Side | null): void {
    place(this.root, box);
    this.#paper.className = `paper fold-${box.side}${half === null ? "" : ` half-${half}`}`;
    this.root.dataset.side = box.side;
    if (half === null) delete this.root.dataset.half;
    else this.root.dataset.half = half;
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

  #notice(kind: NoticeKind): HTMLElement {
    const notice = element(
      "div",
      { class: `notice ${kind}` },
      element("span", { class: "number" }, this.number),
    );
    if (kind === "preparing") notice.append(element("span", {}, this.words.preparing));
    if (kind === "unreached") notice.append(element("span", {}, this.words.unreached));
    if (kind === "failed") {
      const button = element("button", { type: "button", class: "retry" }, this.words.retry);
      button.addEventListener("click", () => this.retry(this.place));
      notice.append(element("span", {}, this.words.failed), button);
    }
    return notice;
  }
}
