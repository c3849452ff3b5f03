/** The contents drawer: the document's outline, nested, with the chapter being read marked. */

import type { OutlineEntry } from "../core/manifest";
import { element } from "../render/dom";
import { iconButton } from "./button";
import type { Words } from "./words";

const DEEPEST_LEVEL = 8;
const MOST_ENTRIES = 3000;

export interface ContentsOptions {
  readonly words: Words;
  readonly entries: readonly OutlineEntry[];
  readonly labelOf: (page: number) => string;
  readonly chosen: (page: number) => void;
  readonly closed: () => void;
}

export class Contents {
  readonly root: HTMLElement;
  readonly #buttons: { page: number; button: HTMLElement }[] = [];
  readonly #close: HTMLButtonElement;
  #left = MOST_ENTRIES;

  constructor(private readonly options: ContentsOptions) {
    const { words } = options;
    this.#close = iconButton({ name: words.close, icon: "close", pressed: () => options.closed() });
    const head = element("div", { class: "drawer-head" }, element("h2", {}, words.contents), this.#close);
    const list = this.#list(options.entries, 1);
    this.root = element("nav", { class: "drawer", "aria-label": words.contents, hidden: true }, head, list);
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  open(page: number): void {
    this.root.hidden = false;
    this.mark(page);
    const current = this.root.querySelector<HTMLElement>("[aria-current]");
    current?.scrollIntoView({ block: "center" });
    (current ?? this.#close).focus();
  }

  hide(): void {
    this.root.hidden = true;
  }

  /** Marks the last chapter that begins at or before `page`. */
  mark(page: number): void {
    let current: HTMLElement | null = null;
    let nearest = 0;
    for (const entry of this.#buttons) {
      entry.button.removeAttribute("aria-current");
      if (entry.page <= page && entry.page >= nearest) {
        nearest = entry.page;
        current = entry.button;
      }
    }
    current?.setAttribute("aria-current", "true");
  }

  #list(entries: readonly OutlineEntry[], level: number): HTMLElement {
    const list = element("ul", {});
    for (const entry of entries) {
      if (this.#left <= 0) break;
      this.#left -= 1;
      const item = element("li", {}, this.#entry(entry));
      if (entry.children?.length && level < DEEPEST_LEVEL) item.append(this.#list(entry.children, level + 1));
      list.append(item);
    }
    return list;
  }

  #entry(entry: OutlineEntry): HTMLElement {
    const title = element("span", { class: "chapter", dir: "auto" }, entry.title || "…");
    const { page } = entry;
    if (page === undefined) return element("span", { class: "entry" }, title);
    const label = element("span", { class: "chapter-page" }, this.options.labelOf(page));
    const button = element("button", { type: "button", class: "entry" }, title, label);
    button.addEventListener("click", () => this.options.chosen(page));
    this.#buttons.push({ page, button });
    return button;
  }
}
