import { describe, expect, it } from "vitest";
import { Navigator, type Step } from "./navigator";

/** Lets every leaf land where its turn says, and returns the pages at which one landed. */
function landAll(navigator: Navigator, first: Step | null): number[] {
  const landings: number[] = [];
  let step = first;
  while (step !== null) {
    if (step.kind !== "turn") throw new Error(`a landing leaf asks for ${step.kind}`);
    landings.push(step.to);
    step = navigator.landed("goal");
  }
  return landings;
}

describe("the navigator", () => {
  it("turns one leaf for one press", () => {
    const navigator = new Navigator(2);
    expect(navigator.request(4)).toEqual({ kind: "turn", from: 2, to: 4, hurried: false });
    expect(navigator.landed("goal")).toBeNull();
    expect(navigator.resting).toBe(4);
  });

  it("lands many rapid presses on the last page by two leaves", () => {
    const navigator = new Navigator(1);
    const first = navigator.request(2);
    for (const page of [4, 6, 8, 10]) expect(navigator.request(page)).toEqual({ kind: "hurry" });
    expect(landAll(navigator, first)).toEqual([2, 10]);
    expect(navigator.resting).toBe(10);
  });

  it("turns the leaf in the air back when the reader wants to be where it came from", () => {
    const navigator = new Navigator(4);
    navigator.request(6);
    expect(navigator.request(4)).toEqual({ kind: "steer", to: "origin" });
    expect(navigator.request(6)).toEqual({ kind: "steer", to: "goal" });
    expect(navigator.request(4)).toEqual({ kind: "steer", to: "origin" });
    expect(navigator.landed("origin")).toBeNull();
    expect(navigator.resting).toBe(4);
  });

  it("does nothing for the page that is asked for already", () => {
    const navigator = new Navigator(4);
    expect(navigator.request(4)).toBeNull();
    navigator.request(6);
    expect(navigator.request(6)).toBeNull();
  });

  it("always lands on the goal, whatever is pressed and whenever leaves land", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const navigator = new Navigator(1);
      let air: Step | null = null;
      for (let event = 0; event < 12; event += 1) {
        if (air !== null && random(3) === 0)
          air = navigator.landed(navigator.goal === navigator.resting ? "origin" : "goal");
        const step = navigator.request(2 * random(8));
        if (step?.kind === "turn") air = step;
      }
      while (navigator.isTurning) navigator.landed(navigator.goal === navigator.resting ? "origin" : "goal");
      expect(navigator.resting).toBe(navigator.goal);
    }
  });
});
