/** Ties a visit to the document: what is seen, what is a sign of life, when the page goes away. */

import { BeaconSender, type Delivery, type Timing, type Transport } from "./sender";
import { Visit } from "./visit";

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"] as const;
/** Signs this close to each other are one. */
const SIGN_RESOLUTION_MS = 1000;

export const browserTiming: Timing = {
  now: () => performance.now(),
  after: (delay_ms, callback) => {
    const timer = setTimeout(callback, delay_ms);
    return () => clearTimeout(timer);
  },
};

/** Posts text/plain, which needs no CORS preflight, also from a frame without an origin. */
export function browserTransport(url: string): Transport {
  return {
    async post(body): Promise<Delivery> {
      try {
        const answer = await fetch(url, {
          method: "POST",
          body,
          credentials: "omit",
          keepalive: body.length < 60_000,
        });
        if (answer.ok) return { kind: "taken" };
        const refused = answer.status < 500 && answer.status !== 408 && answer.status !== 429;
        if (refused) return { kind: "refused" };
        const retryAfter_s = Number(answer.headers.get("Retry-After") ?? 0);
        return { kind: "failed", retryAfter_ms: Number.isFinite(retryAfter_s) ? retryAfter_s * 1000 : 0 };
      } catch {
        return { kind: "failed" };
      }
    },
    leave(body) {
      try {
        return navigator.sendBeacon(url, body);
      } catch {
        return false;
      }
    },
  };
}

/** Resolves when the page is shown for the first time: a prerender or a hidden tab is not a load. */
export function whenShown(root: Document, signal: AbortSignal): Promise<void> {
  const shown = () =>
    root.visibilityState === "visible" && !(root as { prerendering?: boolean }).prerendering;
  return new Promise((resolve) => {
    const look = () => {
      if (!shown()) return;
      stop.abort();
      resolve();
    };
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(), { signal: stop.signal });
    for (const name of ["visibilitychange", "prerenderingchange"]) {
      root.addEventListener(name, look, { signal: stop.signal });
    }
    look();
  });
}

/** The visit of this load; calls before it was shown are kept out of the count, as nobody saw them. */
export class Reporting {
  #visit: Visit | null = null;
  #sender: BeaconSender | null = null;
  #shown: readonly number[] = [];
  #lastSign_ms = 0;

  /** `token` gives the newest visit token. Nothing is sent where `url` is null. */
  constructor(
    private readonly url: string | null,
    private readonly token: () => string | null,
    private readonly signal: AbortSignal,
  ) {
    void whenShown(document, signal).then(() => this.#begin());
  }

  show(pages: readonly number[]): void {
    this.#shown = pages;
    this.#visit?.show(pages, performance.now());
  }

  interact(): void {
    this.#visit?.interact(performance.now());
    this.#sender?.wake();
  }

  click(page: number): void {
    this.#visit?.click(page, performance.now());
    this.#sender?.wake();
  }

  /** A visit token has come. */
  wake(): void {
    this.#sender?.wake();
  }

  #begin(): void {
    if (this.signal.aborted || this.url === null) return;
    const visit = new Visit(performance.now());
    const sender = new BeaconSender(visit, this.token, browserTransport(this.url), browserTiming);
    visit.show(this.#shown, performance.now());
    this.#visit = visit;
    this.#sender = sender;
    const options = { passive: true, capture: true, signal: this.signal };
    for (const name of SIGNS) addEventListener(name, () => this.#sign(), options);
    document.addEventListener("visibilitychange", () => this.#visibility(), { signal: this.signal });
    this.signal.addEventListener("abort", () => sender.stop());
    sender.start();
  }

  #sign(): void {
    const now_ms = performance.now();
    if (now_ms - this.#lastSign_ms < SIGN_RESOLUTION_MS) return;
    this.#lastSign_ms = now_ms;
    this.#visit?.sign(now_ms);
    this.#sender?.wake();
  }

  #visibility(): void {
    const visible = document.visibilityState === "visible";
    this.#visit?.setVisible(visible, performance.now());
    if (visible) this.#sender?.wake();
    else this.#sender?.leave();
  }
}
