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

/** Which pages a manifest is to bring: those from an index on, or those around the page with a label. */
export type Stretch = { readonly from: number } | { readonly label: string };

/** The manifest with these pages; null when it could not be had. */
export async function fetchManifest(
  address: string,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<Manifest | null> {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of Object.entries(stretch)) url.searchParams.set(name, String(value));
  const answer = await fetchJson(url.href, signal);
  try {
    return answer === null ? null : readManifest(answer);
  } catch {
    return null;
  }
}
