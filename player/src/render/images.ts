/** Loads page images, most wanted first, and decodes them before anyone sees them. The only place that fetches images. */

import { pause } from "./dom";

const PARALLEL_LOADS = 3;
const RETRY_PAUSES_MS: readonly number[] = [800, 2500, 8000];

/** `failed` may still become `ready`: the queue tries again, with growing pauses. */
export type ImageState = "waiting" | "loading" | "failed" | "ready";

interface Entry {
  readonly url: string;
  state: ImageState;
  failures: number;
  readonly image: HTMLImageElement;
  readonly abort: AbortController;
}

export class ImageQueue {
  readonly #entries = new Map<string, Entry>();
  #wanted: readonly string[] = [];
  #loading = 0;

  /** `changed` is called with the address when an image became ready or failed. */
  constructor(readonly changed: (url: string) => void) {}

  stateOf(url: string): ImageState {
    return this.#entries.get(url)?.state ?? "waiting";
  }

  isReady(url: string): boolean {
    return this.stateOf(url) === "ready";
  }

  /** Takes over an image that the page showed before any script. */
  adopt(url: string, image: HTMLImageElement): void {
    const entry = this.#newEntry(url, image);
    this.#entries.set(url, entry);
    if (image.complete && image.naturalWidth > 0) entry.state = "ready";
    else void this.#load(entry, () => waitFor(image));
  }

  /** What is wanted from now on, most wanted first; everything else is dropped, loads under way included. */
  want(urls: readonly string[]): void {
    this.#wanted = urls;
    const wanted = new Set(urls);
    for (const [url, entry] of this.#entries) {
      if (!wanted.has(url)) this.#drop(entry);
    }
    this.#pump();
  }

  /** The reader asks for a failed image again. */
  retry(url: string): void {
    const entry = this.#entries.get(url);
    if (entry?.state === "failed") this.#drop(entry);
    this.#pump();
  }

  clear(): void {
    this.want([]);
  }

  #pump(): void {
    for (const url of this.#wanted) {
      if (this.#loading >= PARALLEL_LOADS) return;
      if (this.#entries.has(url)) continue;
      const entry = this.#newEntry(url, new Image());
      this.#entries.set(url, entry);
      void this.#load(entry, () => {
        entry.image.src = url;
        return entry.image.decode();
      });
    }
  }

  #newEntry(url: string, image: HTMLImageElement): Entry {
    return { url, state: "waiting", failures: 0, image, abort: new AbortController() };
  }

  async #load(entry: Entry, attempt: () => Promise<void>): Promise<void> {
    entry.state = "loading";
    this.#loading += 1;
    const ready = await attempt().then(
      () => true,
      () => false,
    );
    this.#loading -= 1;
    if (!entry.abort.signal.aborted) {
      entry.state = ready ? "ready" : "failed";
      this.changed(entry.url);
      if (!ready) void this.#tryAgain(entry);
    }
    this.#pump();
  }

  async #tryAgain(entry: Entry): Promise<void> {
    const pause_ms = RETRY_PAUSES_MS[entry.failures];
    if (pause_ms === undefined) return;
    entry.failures += 1;
    await pause(pause_ms, entry.abort.signal);
    if (entry.abort.signal.aborted) return;
    await this.#load(entry, () => {
      entry.image.removeAttribute("src");
      entry.image.src = entry.url;
      return entry.image.decode();
    });
  }

  #drop(entry: Entry): void {
    entry.abort.abort();
    if (entry.state === "loading" && !entry.image.isConnected) entry.image.removeAttribute("src");
    this.#entries.delete(entry.url);
  }
}

function waitFor(image: HTMLImageElement): Promise<void> {
  return new Promise((resolve, reject) => {
    image.addEventListener("load", () => resolve(), { once: true });
    image.addEventListener("error", () => reject(new Error("image")), { once: true });
    if (image.complete) {
      if (image.naturalWidth > 0) resolve();
      else reject(new Error("image"));
    }
  });
}
