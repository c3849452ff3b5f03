/** Making elements: attributes and text only, never markup, so that a strict CSP and Trusted Types hold. */

type Attributes = Record<string, string | number | boolean | undefined>;

/** A new element with its attributes (`true` writes an empty one, `false` none) and children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** Puts a box in its place through the CSSOM. Lengths in CSS pixels. */
export function place(
  target: HTMLElement,
  box: { left: number; top: number; width: number; height: number },
): void {
  const { style } = target;
  style.left = `${box.left}px`;
  style.top = `${box.top}px`;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
}

/** A pause that ends early when `signal` is aborted. */
export function pause(duration_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, duration_ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
