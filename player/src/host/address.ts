/** The page in the address bar. Every call may throw in a sandboxed frame; then the address stays as it is. */

import { hashWithPage, pageInHash } from "../core/deepLink";

export class Address {
  /** `keepsJumps`: Back undoes a jump; not in a frame, whose history is its host page's. */
  constructor(private readonly keepsJumps: boolean) {}

  /** What the address asks for, or null. */
  get page(): string | null {
    return pageInHash(location.hash);
  }

  show(page: number, jumped: boolean): void {
    const hash = hashWithPage(location.hash, page);
    if (hash === location.hash) return;
    try {
      if (jumped && this.keepsJumps) history.pushState(null, "", hash);
      else history.replaceState(null, "", hash);
    } catch {
      return;
    }
  }

  /** Calls `changed` when the reader edits the address or goes back. */
  watch(changed: (page: string | null) => void, signal: AbortSignal): void {
    addEventListener("hashchange", () => changed(this.page), { signal });
  }
}
