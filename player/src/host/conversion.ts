/** Watches a conversion: asks for the first page that is not there yet, about once a second, until the book is whole. */

import type { Book } from "../core/book";
import type { Manifest } from "../core/manifest";
import { pause } from "../render/dom";

const ASK_EVERY_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export interface ConversionOptions {
  readonly ask: (from: number, signal: AbortSignal) => Promise<Manifest | null>;
  readonly arrived: (manifest: Manifest) => void;
  /** Resolves when somebody looks at the page. */
  readonly seen: (signal: AbortSignal) => Promise<void>;
}

/** Ends when the book is complete or failed, or `signal` is aborted. */
export async function watchConversion(
  book: Book,
  options: ConversionOptions,
  signal: AbortSignal,
): Promise<void> {
  let pause_ms = ASK_EVERY_MS;
  while (!signal.aborted && book.manifest.state === "processing") {
    await pause(pause_ms, signal);
    await options.seen(signal);
    if (signal.aborted) return;
    const manifest = await options.ask(book.firstUnready(), signal);
    pause_ms = manifest === null ? Math.min(pause_ms * 2, LONGEST_PAUSE_MS) : ASK_EVERY_MS;
    if (manifest !== null && !signal.aborted) options.arrived(manifest);
  }
}
