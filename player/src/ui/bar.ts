/** The one bar: contents, where the reader is, zoom, and the ways out. */

import type { PageName } from "../core/book";
import { element } from "../render/dom";
import { dress, iconButton, setAvailable } from "./button";
import type { IconName } from "./icons";
import { PageField } from "./pageField";
import { Slider } from "./slider";
import type { Words } from "./words";

export interface BarActions {
  previous(): void;
  next(): void;
  enter(text: string): Promise<boolean>;
  seek(page: number): void;
  zoom(direction: 1 | -1): void;
  resetZoom(): void;
  toggleContents(): void;
  toggleShare(): void;
  toggleFullScreen(): void;
  downloaded(): void;
}

export interface BarOptions {
  readonly words: Words;
  readonly rtl: boolean;
  readonly hasContents: boolean;
  readonly downloadUrl: string | null;
  readonly fullScreen: "available" | "elsewhere";
  readonly nameOf: (page: number) => string;
  readonly actions: BarActions;
}

export interface BarState {
  readonly page: number;
  readonly shown: readonly PageName[];
  /** Pages that can be gone to. */
  readonly pageCount: number;
  /** Pages of the whole book; 0 while that is not known. */
  readonly total: number;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  readonly zoom: number;
  readonly zoomLimit: number;
  readonly fullScreen: boolean;
}

export class Bar {
  readonly root: HTMLElement;
  readonly contents: HTMLButtonElement;
  readonly share: HTMLButtonElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #zoomOut: HTMLButtonElement;
  readonly #zoomIn: HTMLButtonElement;
  readonly #level: HTMLButtonElement;
  readonly #fullScreen: HTMLButtonElement;
  readonly #field: PageField;
  readonly #slider: Slider;
  readonly #progress = element("div", { class: "progress", hidden: true });

  constructor(private readonly options: BarOptions) {
    const { words, actions } = options;
    const button = (name: string, icon: IconName, pressed: () => void, key?: string) =>
      iconButton({ name, icon, pressed, ...(key === undefined ? {} : { key }) });
    this.contents = button(words.contents, "contents", () => actions.toggleContents());
    this.contents.setAttribute("aria-expanded", "false");
    this.#previous = button(
      words.previous,
      options.rtl ? "right" : "left",
      () => actions.previous(),
      words.keys.previous,
    );
    this.#next = button(words.next, options.rtl ? "left" : "right", () => actions.next(), words.keys.next);
    this.#zoomOut = button(words.zoomOut, "zoomOut", () => actions.zoom(-1), words.keys.zoomOut);
    this.#zoomIn = button(words.zoomIn, "zoomIn", () => actions.zoom(1), words.keys.zoomIn);
    this.#level = element("button", { type: "button", class: "level", title: words.zoomReset });
    this.#level.addEventListener("click", () => actions.resetZoom());
    this.share = button(words.share, "share", () => actions.toggleShare());
    this.#fullScreen = button(words.fullScreen, "fullScreen", () => actions.toggleFullScreen());
    this.#field = new PageField(words, (text) => actions.enter(text));
    this.#slider = new Slider({
      words,
      rtl: options.rtl,
      nameOf: options.nameOf,
      chosen: (page) => actions.seek(page),
    });
    this.root = element(
      "nav",
      { class: "bar", "aria-label": words.controls },
      this.#progress,
      this.#place(),
      this.#tools(),
    );
  }

  update(state: BarState): void {
    const { words } = this.options;
    const percent = words.zoomLevel(Math.round(state.zoom * 100));
    this.#field.show(state.shown, state.total);
    this.#slider.show(state.page, state.pageCount);
    setAvailable(this.#previous, state.hasPrevious);
    setAvailable(this.#next, state.hasNext);
    setAvailable(this.#zoomOut, state.zoom > 1.01);
    setAvailable(this.#zoomIn, state.zoom < state.zoomLimit - 0.01);
    this.#level.textContent = percent;
    this.#level.setAttribute("aria-label", `${percent}, ${words.zoomReset}`);
    setAvailable(this.#level, state.zoom > 1.01);
    this.#showFullScreen(state.fullScreen);
  }

  /** Per cent of the book that is ready; null when all of it is. */
  progress(percent: number | null): void {
    this.#progress.hidden = percent === null;
    if (percent === null) return;
    this.#progress.style.setProperty("--done", String(percent / 100));
    this.#progress.title = this.options.words.preparingMore(percent);
  }

  #place(): HTMLElement {
    const dir = this.options.rtl ? "rtl" : "ltr";
    const field = element("div", { class: "where", dir }, this.#previous, this.#field.root, this.#next);
    return element("div", { class: "place", dir }, field, this.#slider.root);
  }

  #tools(): HTMLElement {
    const zoom = element("div", { class: "zoom" }, this.#zoomOut, this.#level, this.#zoomIn);
    const out = element("div", { class: "out" }, this.share);
    const { downloadUrl, words, actions } = this.options;
    if (downloadUrl !== null) {
      const link = element("a", { class: "button", href: downloadUrl, download: true });
      dress(link, { name: words.download, icon: "download" });
      link.addEventListener("click", () => actions.downloaded());
      out.append(link);
    }
    out.append(this.#fullScreen);
    const tools = element("div", { class: "tools" }, zoom, out);
    if (this.options.hasContents) tools.prepend(this.contents);
    return tools;
  }

  #showFullScreen(on: boolean): void {
    const { words } = this.options;
    if (this.options.fullScreen === "elsewhere")
      dress(this.#fullScreen, { name: words.openAlone, icon: "openAlone" });
    else if (on) dress(this.#fullScreen, { name: words.leaveFullScreen, icon: "leaveFullScreen" });
    else dress(this.#fullScreen, { name: words.fullScreen, icon: "fullScreen" });
  }
}
