import { describe, expect, it } from "vitest";
import { Pace } from "./pace";

function run(pace: Pace, frames_ms: readonly number[]): void {
  pace.begin();
  let now_ms = 0;
  pace.frame(now_ms);
  for (const frame_ms of frames_ms) {
    now_ms += frame_ms;
    pace.frame(now_ms);
  }
}

describe("the pace of turns", () => {
  it("keeps ten strips while frames come in time, a stall aside", () => {
    const pace = new Pace();
    run(pace, [60, 17, 16, 300, 16, 40, 16, 17, 40]);
    expect(pace.strips).toBe(10);
  });

  it("falls to six strips and then to a rigid leaf where frames slip, and stays there", () => {
    const pace = new Pace();
    run(pace, [90, 40, 40, 40]);
    expect(pace.strips).toBe(6);
    run(pace, [16, 40, 40, 40]);
    expect(pace.strips).toBe(1);
    run(pace, [16, 16, 16, 40, 40, 40]);
    expect(pace.strips).toBe(1);
  });
});
