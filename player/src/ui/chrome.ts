/** Everything around the book: bar, arrows, drawer, share panel, voice. Opens and closes; decides nothing about pages. */

import type { Book } from "../core/book";
import { forwardSide } from "../core/spreads";
import { element } from "../render/dom";
import { Announcer } from "./announcer";
import { Bar, type BarActions, type BarState } from "./bar";
import { iconButton, setAvailable } from "./button";
import { Contents } from "./contents";
import { Share } from "./share";
import { Toast } from "./toast";
import { Waiting } from "./waiting";
import type { Words } from "./words";

export interface ChromeActions extends Omit<BarActions, "toggleContents" | "toggleShare"> {
  /** A chapter was chosen. */
  chapter(page: number): void;
  linkToShare(): string;
  copy(text: string): Promise<boolean>;
  shared(): void;
}

export interface ChromeOptions {
  readonly words: Words;
  readonly fullScreen: "available" | "elsewhere";
  readonly actions: ChromeActions;
}

/** On wider screens the open drawer pushes the stage and may stay. */
const PUSHING_DRAWER = "(min-width: 900px)";

export class Chrome {
  readonly announcer = new Announcer();
  readonly toast = new Toast();
  readonly waiting: Waiting;
  readonly #bar: Bar;
  readonly #contents: Contents;
  readonly #share: Share;
  readonly #arrows: { left: HTMLButtonElement; right: HTMLButtonElement };
  #page = 1;

  constructor(
    private readonly root: HTMLElement,
    private readonly stage: HTMLElement,
    private readonly book: Book,
    private readonly options: ChromeOptions,
  ) {
    this.waiting = new Waiting(options.words);
    this.#contents = this.#makeContents();
    this.#share = this.#makeShare();
    this.#bar = this.#makeBar();
    this.#arrows = this.#makeArrows();
    stage.append(this.#arrows.left, this.#arrows.right);
    root.append(this.#contents.root, this.#bar.root, this.#share.root, this.toast.root, this.announcer.root);
    root.addEventListener("pointerdown", (event) => this.#pressedOutside(event));
  }

  update(state: BarState): void {
    this.#page = state.page;
    this.#bar.update(state);
    const forward = forwardSide(this.book.manifest.direction);
    const available = { left: state.hasPrevious, right: state.hasNext };
    if (forward === "left") [available.left, available.right] = [available.right, available.left];
    setAvailable(this.#arrows.left, available.left);
    setAvailable(this.#arrows.right, available.right);
    this.root.classList.toggle("zoomed", state.zoom > 1.01);
    if (this.#contents.isOpen) this.#contents.mark(state.page);
  }

  progress(percent: number | null): void {
    this.#bar.progress(percent);
  }

  /** Shows or hides what stands for the book while there is none. */
  showWaiting(shown: boolean): void {
    if (shown) this.stage.append(this.waiting.root);
    else this.waiting.root.remove();
    this.root.classList.toggle("without-book", shown);
  }

  /** Closes what is open; answers whether something was. */
  closeAny(): boolean {
    const open = this.#share.isOpen || this.#contents.isOpen;
    this.#closeShare(true);
    this.#closeContents(true);
    return open;
  }

  #makeContents(): Contents {
    const { words, actions } = this.options;
    return new Contents({
      words,
      entries: this.book.manifest.outline,
      labelOf: (page) => this.book.labelOf(page),
      chosen: (page) => {
        if (!matchMedia(PUSHING_DRAWER).matches) this.#closeContents(true);
        actions.chapter(page);
      },
      closed: () => this.#closeContents(true),
    });
  }

  #makeShare(): Share {
    const { words, actions } = this.options;
    return new Share({ words, copy: actions.copy, closed: () => this.#closeShare(true) });
  }

  #makeBar(): Bar {
    const { words, actions, fullScreen } = this.options;
    const { manifest } = this.book;
    return new Bar({
      words,
      rtl: manifest.direction === "rtl",
      hasContents: manifest.outline.length > 0,
      downloadUrl: manifest.links.download ?? null,
      fullScreen,
      nameOf: (page) => words.page(this.book.nameOf(page), this.book.total),
      actions: {
        ...actions,
        toggleContents: () => this.#toggleContents(),
        toggleShare: () => this.#toggleShare(),
      },
    });
  }

  #makeArrows(): { left: HTMLButtonElement; right: HTMLButtonElement } {
    const { words, actions } = this.options;
    const make = (side: "left" | "right") => {
      const forward = side === forwardSide(this.book.manifest.direction);
      const made = iconButton({
        name: forward ? words.next : words.previous,
        icon: side,
        className: `arrow ${side}`,
        pressed: () => (forward ? actions.next() : actions.previous()),
      });
      // The bar has the same two for the keyboard.
      made.tabIndex = -1;
      made.setAttribute("aria-hidden", "true");
      return made;
    };
    return { left: make("left"), right: make("right") };
  }

  #toggleContents(): void {
    if (this.#contents.isOpen) return this.#closeContents(true);
    this.#contents.open(this.#page);
    this.#bar.contents.setAttribute("aria-expanded", "true");
    this.root.classList.add("with-drawer");
  }

  #closeContents(focuses: boolean): void {
    if (!this.#contents.isOpen) return;
    this.#contents.hide();
    this.#bar.contents.setAttribute("aria-expanded", "false");
    this.root.classList.remove("with-drawer");
    if (focuses) this.#bar.contents.focus();
  }

  #toggleShare(): void {
    if (this.#share.isOpen) return this.#closeShare(true);
    this.#share.open(this.options.actions.linkToShare());
    this.options.actions.shared();
  }

  #closeShare(focuses: boolean): void {
    if (!this.#share.isOpen) return;
    this.#share.hide();
    if (focuses) this.#bar.share.focus();
  }

  #pressedOutside(event: PointerEvent): void {
    if (!(event.target instanceof Node)) return;
    if (this.#share.root.contains(event.target) || this.#bar.share.contains(event.target)) return;
    this.#closeShare(false);
  }
}

/** The region that holds the book: focusable, so that the keys work after a click or Tab. */
export function prepareStage(stage: HTMLElement, words: Words): HTMLElement {
  stage.setAttribute("role", "region");
  stage.setAttribute("aria-label", words.stage);
  stage.tabIndex = -1;
  const space = stage.querySelector<HTMLElement>(".space") ?? element("div", { class: "space" });
  stage.append(space);
  return space;
}
