/** Reports a visit: when and how often. The transport and the clock are given, so that tests need neither. */

import type { Visit } from "./visit";

const INTERVAL_MS = 10_000;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 60_000;

/** `refused`: the server will never take this visit's beacons. */
export interface Delivery {
  readonly kind: "taken" | "refused" | "failed";
  readonly retryAfter_ms?: number;
}

export interface Transport {
  post(body: string): Promise<Delivery>;
  /** Hands the body to the browser for a page that goes away; answers whether it took it. */
  leave(body: string): boolean;
}

export interface Timing {
  now(): number;
  /** Calls back once after `delay_ms`; returns what cancels it. */
  after(delay_ms: number, callback: () => void): () => void;
}

export class BeaconSender {
  #seq = 0;
  #sent = "";
  #sending = false;
  #stopped = false;
  #failures = 0;
  #lastPost_ms = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly visit: Visit,
    private readonly token: () => string | null,
    private readonly transport: Transport,
    private readonly timing: Timing,
  ) {}

  /** The first beacon, which counts the load, and then one each ten seconds while the reader is active. */
  start(): void {
    this.#post();
  }

  /** The reader gave a sign of life: reporting goes on if it had paused. */
  wake(): void {
    if (this.#cancel !== null || this.#sending || this.#stopped) return;
    this.#schedule(Math.max(this.#lastPost_ms + INTERVAL_MS - this.timing.now(), 0));
  }

  /** The page is hidden and may never come back. */
  leave(): void {
    const body = this.#body();
    if (body === null || this.#stopped) return;
    if (!this.transport.leave(body)) void this.transport.post(body);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(delay_ms: number): void {
    this.#cancel?.();
    this.#cancel = this.timing.after(delay_ms, () => {
      this.#cancel = null;
      this.#post();
    });
  }

  #post(): void {
    if (this.#sending || this.#stopped) return;
    const body = this.#body();
    if (body === null) return this.#goOn();
    this.#sending = true;
    this.#lastPost_ms = this.timing.now();
    void this.transport.post(body).then((delivery) => {
      this.#sending = false;
      this.#settle(delivery);
    });
  }

  #settle(delivery: Delivery): void {
    if (this.#stopped) return;
    if (delivery.kind === "refused") return this.stop();
    if (delivery.kind === "taken") {
      this.#failures = 0;
      return this.#goOn();
    }
    this.#sent = "";
    const pause_ms = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#schedule(Math.max(pause_ms, delivery.retryAfter_ms ?? 0));
  }

  #goOn(): void {
    if (this.visit.isActive(this.timing.now())) this.#schedule(INTERVAL_MS);
  }

  /** The next beacon's text; null without a token, or when nothing is new. */
  #body(): string | null {
    const token = this.token();
    const state = this.visit.state(this.timing.now());
    const news = JSON.stringify(state);
    if (token === null || news === this.#sent) return null;
    this.#sent = news;
    this.#seq += 1;
    return JSON.stringify({ token, seq: this.#seq, ...state });
  }
}
