import { describe, expect, it } from "vitest";
import { angleAt, bend, pointOn, seenAt, solveFalling } from "./bend";

describe("the bent leaf", () => {
  it("lies flat at both ends of a turn", () => {
    expect(pointOn(bend(0, 10, "left"), 1)).toEqual({ x: expect.closeTo(1), z: expect.closeTo(0) });
    expect(pointOn(bend(1, 10, "left"), 1)).toEqual({ x: expect.closeTo(-1), z: expect.closeTo(0) });
  });

  it("keeps its length, and rises from the fold outwards, so that strips may be drawn in order", () => {
    for (let turned = 0; turned <= 1; turned += 0.05) {
      const poses = bend(turned, 10, "left");
      for (let index = 1; index < poses.length; index += 1) {
        const [before, after] = [poses[index - 1], poses[index]];
        if (before === undefined || after === undefined) throw new Error("no pose");
        expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeCloseTo(0.1);
        expect(after.z).toBeGreaterThanOrEqual(before.z);
      }
    }
  });

  it("leads with the free edge, whichever way it is pulled", () => {
    expect(angleAt(1, 0.5, "left")).toBeGreaterThan(angleAt(0, 0.5, "left"));
    expect(angleAt(1, 0.5, "right")).toBeLessThan(angleAt(0, 0.5, "right"));
  });

  it.each(["left", "right"] as const)(
    "keeps the held point under the finger, pulled to the %s",
    (towards) => {
      const grip = { along: 0.8, eye: 6.5, towards, strips: 10 };
      for (const x of [0.7, 0.3, 0, -0.4, -0.7]) {
        const turned = solveFalling(x, (each) => seenAt(each, grip));
        expect(seenAt(turned, grip)).toBeCloseTo(x, 2);
      }
    },
  );
});
