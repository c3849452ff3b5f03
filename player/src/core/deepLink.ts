/** The address of a page: `#p=12`, by number or label. No DOM. */

/** What `#…` asks for, or null. */
export function pageInHash(hash: string): string | null {
  const value = new URLSearchParams(hash.replace(/^#\??/, "")).get("p");
  return value?.trim() ? value.trim() : null;
}

/** `hash` with the page put in; what else stands in it stays. */
export function hashWithPage(hash: string, page: number): string {
  const parameters = new URLSearchParams(hash.replace(/^#\??/, ""));
  parameters.set("p", String(page));
  return `#${parameters.toString()}`;
}

/** The flipbook's direct address, opened at `page`. */
export function directLink(direct: string, page: number): string {
  const url = new URL(direct);
  if (page > 1) url.searchParams.set("p", String(page));
  return url.href;
}
