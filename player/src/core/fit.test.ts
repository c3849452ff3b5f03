import { describe, expect, it } from "vitest";
import { boundsOf, placeSpread, turnSides } from "./fit";

const portrait = { width: 400, height: 600 };
const space = { width: 1000, height: 600 };
const options = {
  layout: "double",
  sideOf: (place: number) => (place % 2 === 1 ? "right" : "left"),
  zoom: 1,
  pixelRatio: 1,
} as const;

describe("placing a spread", () => {
  it("fits two pages side by side around the fold", () => {
    const { boxes, fold } = placeSpread([2, 3], () => portrait, space, options);
    expect(fold).toBe(0);
    expect(boxes.map(({ side, left, width, height }) => [side, left, width, height])).toEqual([
      ["left", -400, 400, 600],
      ["right", 0, 400, 600],
    ]);
  });

  it("centres the closed book by moving its fold", () => {
    expect(placeSpread([1], () => portrait, space, options).fold).toBe(-200);
    expect(placeSpread([1], () => portrait, space, { ...options, sideOf: () => "left" }).fold).toBe(200);
    expect(placeSpread([8], () => portrait, space, options).fold).toBe(200);
  });

  it("gives a single page the whole space, in the middle", () => {
    const placement = placeSpread(
      [4],
      () => portrait,
      { width: 300, height: 900 },
      { ...options, layout: "single", sideOf: () => "right" },
    );
    expect(boundsOf(placement)).toEqual({ left: -150, right: 150, top: -225, bottom: 225 });
  });

  it("keeps proportions where the pages of a spread differ", () => {
    const sizes = [portrait, { width: 800, height: 400 }];
    const { boxes } = placeSpread([2, 3], (page) => sizes[page - 2] ?? portrait, space, options);
    expect(boxes.map((box) => box.width / box.height)).toEqual(
      [400 / 600, 2].map((ratio) => expect.closeTo(ratio, 2)),
    );
    expect(boxes[1]?.width).toBe(500);
  });

  it("ends boxes on whole device pixels", () => {
    const { boxes } = placeSpread(
      [1],
      () => ({ width: 417, height: 611 }),
      { width: 777, height: 333 },
      { ...options, pixelRatio: 1.5 },
    );
    for (const box of boxes) expect((box.width * 1.5) % 1).toBeCloseTo(0);
  });
});

describe("the leaf that turns", () => {
  it("lifts from where the reader goes to, mirrored in a right-to-left book", () => {
    expect(turnSides(2, 4, "ltr")).toEqual({ lifts: "right", lands: "left" });
    expect(turnSides(4, 2, "ltr")).toEqual({ lifts: "left", lands: "right" });
    expect(turnSides(2, 4, "rtl")).toEqual({ lifts: "left", lands: "right" });
  });
});
