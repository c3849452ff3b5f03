/** Buttons that show an icon and speak a name. */

import { element } from "../render/dom";
import { type IconName, icon } from "./icons";

export interface ButtonOptions {
  readonly name: string;
  readonly icon: IconName;
  /** Shown in the tooltip beside the name. */
  readonly key?: string;
  readonly className?: string;
  readonly pressed: () => void;
}

export function iconButton(options: ButtonOptions): HTMLButtonElement {
  const made = element("button", { type: "button", class: `button ${options.className ?? ""}`.trim() });
  dress(made, options);
  made.addEventListener("click", options.pressed);
  return made;
}

/** Gives a button or link its icon, name and tooltip. */
export function dress(target: HTMLElement, look: { name: string; icon: IconName; key?: string }): void {
  target.replaceChildren(icon(look.icon));
  target.setAttribute("aria-label", look.name);
  target.title = look.key === undefined ? look.name : `${look.name} (${look.key})`;
}

/** A button that cannot be used now keeps its place and, if it has it, the focus. */
export function setAvailable(target: HTMLElement, available: boolean): void {
  target.setAttribute("aria-disabled", String(!available));
}
