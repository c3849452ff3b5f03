/** Brings the layers of the pages at rest, in idle time, and takes them away when the reader moves on. */

import type { Book } from "../core/book";
import { type PageLayers, readLayers } from "../core/pageLayers";
import { type Layer, type LayerContext, whenIdle } from "./layer";

const KEPT_PAGES = 24;
const IDLE_TIMEOUT_MS = 400;

/** Fetches JSON from the book's own files; null when there is none to be had. */
export type FetchJson = (url: string, signal: AbortSignal) => Promise<unknown>;

export interface LoaderOptions {
  readonly fetchJson: FetchJson;
  readonly hostOf: (page: number) => HTMLElement | undefined;
  readonly context: Pick<LayerContext, "nameOfPage" | "followed">;
}

export class LayerLoader {
  readonly #known = new Map<number, PageLayers>();
  readonly #built = new WeakMap<HTMLElement, Promise<void>>();
  #abort = new AbortController();
  #underWay: string | null = null;

  constructor(
    private readonly book: Book,
    private readonly layers: readonly Layer[],
    private readonly options: LoaderOptions,
  ) {}

  /** The reader rests at `pages`: builds their layers, one page after the other. */
  async rest(pages: readonly number[]): Promise<void> {
    const wanted = pages.join();
    // A resize says the same again while the first is still on its way.
    if (this.#underWay === wanted) return;
    this.leave();
    this.#underWay = wanted;
    const { signal } = this.#abort;
    await this.#bring(pages, signal);
    if (!signal.aborted) this.#underWay = null;
  }

  async #bring(pages: readonly number[], signal: AbortSignal): Promise<void> {
    for (const page of pages) {
      const file = this.book.page(page)?.layers;
      if (file === undefined) continue;
      const known = this.#known.get(page) ?? (await this.#fetch(page, file, signal));
      if (known === null || signal.aborted) continue;
      await whenIdle(IDLE_TIMEOUT_MS);
      if (signal.aborted) return;
      await this.#build(page, known, signal);
    }
  }

  /** The reader moves on: what is under way stops. */
  leave(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#underWay = null;
  }

  async #fetch(page: number, file: string, signal: AbortSignal): Promise<PageLayers | null> {
    const layers = readLayers(await this.options.fetchJson(this.book.fileUrl(file), signal));
    if (layers === null) return null;
    this.#known.set(page, layers);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > KEPT_PAGES && oldest !== undefined) this.#known.delete(oldest);
    return layers;
  }

  async #build(page: number, layers: PageLayers, signal: AbortSignal): Promise<void> {
    const host = this.options.hostOf(page);
    if (host === undefined || this.#built.has(host)) return;
    const context = { ...this.options.context, page, language: this.book.manifest.language ?? null, signal };
    const work = Promise.all(this.layers.map((layer) => layer.build(layers, host, context))).then(
      () => undefined,
    );
    this.#built.set(host, work);
    await work;
    if (!signal.aborted) return;
    host.replaceChildren();
    this.#built.delete(host);
  }
}
