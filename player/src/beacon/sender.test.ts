import Ajv2020 from "ajv/dist/2020";
import { beforeEach, describe, expect, it } from "vitest";
import beaconSchema from "../../../contracts/beacon.schema.json";
import { BeaconSender, type Delivery, type Timing } from "./sender";
import { Visit } from "./visit";

interface Sent {
  readonly token: string;
  readonly seq: number;
  readonly active: number;
  readonly views: number;
}

/** Lets every promise that can settle do so. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A clock that moves only when told to. */
class Clock implements Timing {
  #now_ms = 0;
  #timers: { at_ms: number; callback: () => void }[] = [];

  now(): number {
    return this.#now_ms;
  }

  after(delay_ms: number, callback: () => void): () => void {
    const timer = { at_ms: this.#now_ms + delay_ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  get idle(): boolean {
    return this.#timers.length === 0;
  }

  async advance(time_ms: number): Promise<void> {
    const end_ms = this.#now_ms + time_ms;
    await settled();
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at_ms <= end_ms).sort((a, b) => a.at_ms - b.at_ms);
      if (next === undefined) break;
      this.#now_ms = next.at_ms;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.callback();
      await settled();
    }
    this.#now_ms = end_ms;
  }
}

describe("sending beacons", () => {
  let clock: Clock;
  let visit: Visit;
  let sender: BeaconSender;
  let posted: Sent[];
  let left: Sent[];
  let answers: Delivery[];

  beforeEach(() => {
    clock = new Clock();
    visit = new Visit(0);
    posted = [];
    left = [];
    answers = [];
    const validate = new Ajv2020({ strict: false }).compile(beaconSchema);
    const read = (body: string): Sent => {
      const beacon: unknown = JSON.parse(body);
      expect(validate(beacon), JSON.stringify(validate.errors)).toBe(true);
      return beacon as Sent;
    };
    const transport = {
      post: async (body: string): Promise<Delivery> => {
        posted.push(read(body));
        return answers.shift() ?? { kind: "taken" };
      },
      leave: (body: string) => {
        left.push(read(body));
        return true;
      },
    };
    sender = new BeaconSender(visit, () => "token", transport, clock);
  });

  it("reports the load at once, then every ten seconds while the reader is active", async () => {
    sender.start();
    await clock.advance(35_000);
    expect(posted.map(({ seq, active }) => [seq, active])).toEqual([
      [1, 0],
      [2, 10],
      [3, 20],
      [4, 30],
    ]);
  });

  it("falls silent with the reader, having told all, and wakes with them", async () => {
    sender.start();
    await clock.advance(600_000);
    expect(posted[posted.length - 1]?.active).toBe(60);
    expect(clock.idle).toBe(true);
    const count = posted.length;
    visit.sign(clock.now());
    sender.wake();
    await clock.advance(10_000);
    expect(posted.length).toBeGreaterThan(count);
    expect(posted[posted.length - 1]?.active).toBeGreaterThan(60);
  });

  it("never posts more often than every ten seconds, however lively the reader", async () => {
    sender.start();
    for (let second = 0; second < 30; second += 1) {
      visit.interact(clock.now());
      sender.wake();
      await clock.advance(1000);
    }
    expect(posted.length).toBe(4);
    expect(posted[3]?.views).toBe(30);
  });

  it("hands the rest to the browser when the page is hidden", async () => {
    sender.start();
    await clock.advance(4000);
    visit.setVisible(false, clock.now());
    sender.leave();
    expect(left.map(({ seq, active }) => [seq, active])).toEqual([[2, 4]]);
    sender.leave();
    expect(left.length).toBe(1);
  });

  it("retries a failed beacon soon, with growing pauses and all that has come since", async () => {
    answers = [{ kind: "failed" }, { kind: "failed" }];
    sender.start();
    await clock.advance(0);
    expect(posted.length).toBe(1);
    await clock.advance(2000);
    expect(posted.length).toBe(2);
    await clock.advance(4000);
    expect(posted.map(({ seq, active }) => [seq, active])).toEqual([
      [1, 0],
      [2, 2],
      [3, 6],
    ]);
  });

  it("waits as long as the server asks", async () => {
    answers = [{ kind: "failed", retryAfter_ms: 7000 }];
    sender.start();
    await clock.advance(6999);
    expect(posted.length).toBe(1);
    await clock.advance(1);
    expect(posted.length).toBe(2);
  });

  it("stops where the server refuses the visit", async () => {
    answers = [{ kind: "refused" }];
    sender.start();
    await clock.advance(60_000);
    sender.leave();
    expect(posted.length).toBe(1);
    expect(left.length).toBe(0);
  });
});
