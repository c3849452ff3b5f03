/** What every layer over a page is: built once for a page at rest, thrown away with it. */

import type { PageLayers } from "../core/pageLayers";

export interface LayerContext {
  readonly page: number;
  readonly language: string | null;
  readonly signal: AbortSignal;
  /** A name for a link that has no words of its own. */
  nameOfPage(page: number): string;
  followed(page: number, target: { url: string } | { page: number }): void;
}

export interface Layer {
  /** Puts its elements into `host`, which has the size of the page. */
  build(layers: PageLayers, host: HTMLElement, context: LayerContext): Promise<void> | void;
}

/** Resolves when the browser has nothing better to do. */
export function whenIdle(timeout_ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function")
      requestIdleCallback(() => resolve(), { timeout: timeout_ms });
    else setTimeout(resolve, 60);
  });
}
