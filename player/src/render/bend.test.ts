import { describe, expect, it } from "vitest";
import { angleAt, bend, pointOn, STIFF, SUPPLE, seenAt, solveFalling } from "./bend";

describe("the bent leaf", () => {
  it("lies flat at both ends of a turn", () => {
    expect(pointOn(bend(0, 10, SUPPLE), 1)).toEqual({ x: expect.closeTo(1), z: expect.closeTo(0) });
    expect(pointOn(bend(1, 10, SUPPLE), 1)).toEqual({ x: expect.closeTo(-1), z: expect.closeTo(0) });
  });

  it("keeps its length, and rises from the fold outwards, so that strips may be drawn in order", () => {
    for (let turned = 0; turned <= 1; turned += 0.05) {
      const poses = bend(turned, 10, SUPPLE);
      for (let index = 1; index < poses.length; index += 1) {
        const [before, after] = [poses[index - 1], poses[index]];
        if (before === undefined || after === undefined) throw new Error("no pose");
        expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeCloseTo(0.1);
        expect(after.z).toBeGreaterThanOrEqual(before.z);
      }
    }
  });

  it("leads with the free edge, whichever way it is pulled", () => {
    expect(angleAt(1, 0.5, SUPPLE)).toBeGreaterThan(angleAt(0, 0.5, SUPPLE));
    expect(angleAt(1, 0.5, -SUPPLE)).toBeLessThan(angleAt(0, 0.5, -SUPPLE));
  });

  it("bends most near the fold, and a cover less than a page", () => {
    const bentBy = (from: number, to: number, lead: number) =>
      angleAt(to, 0.5, lead) - angleAt(from, 0.5, lead);
    expect(bentBy(0, 0.3, SUPPLE)).toBeGreaterThan(2 * bentBy(0.7, 1, SUPPLE));
    expect(bentBy(0, 1, STIFF)).toBeLessThan(bentBy(0, 1, SUPPLE) / 2);
  });

  it.each([SUPPLE, STIFF, -STIFF, -SUPPLE])(
    "keeps the held point under the finger, with an edge ahead by %f",
    (lead) => {
      const grip = { along: 0.8, eye: 20, lead, strips: 10 };
      for (const x of [0.7, 0.3, 0, -0.4, -0.7]) {
        const turned = solveFalling(x, (each) => seenAt(each, grip));
        expect(seenAt(turned, grip)).toBeCloseTo(x, 2);
      }
    },
  );
});
