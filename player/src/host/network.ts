/** Requests to the book's own server: JSON only, without credentials, so that they work from any frame. */

import { type Manifest, readManifest } from "../core/manifest";

/** The parsed answer, or null when there is none: the reader can do without. */
export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal, credentials: "omit" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** The manifest with the pages from index `from` on; null when it could not be had. */
export async function fetchManifest(
  address: string,
  from: number,
  signal: AbortSignal,
): Promise<Manifest | null> {
  const url = new URL(address, document.baseURI);
  url.searchParams.set("from", String(from));
  const answer = await fetchJson(url.href, signal);
  try {
    return answer === null ? null : readManifest(answer);
  } catch {
    return null;
  }
}
