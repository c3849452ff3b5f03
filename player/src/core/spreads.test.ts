import { describe, expect, it } from "vitest";
import { anchorOf, nextOf, previousOf, sideOf, spreadOf, windowOf } from "./spreads";

describe("spreads", () => {
  it("leave the cover alone and pair what follows", () => {
    expect([1, 2, 3, 4, 5].map((page) => spreadOf(page, 5, "double"))).toEqual([
      [1],
      [2, 3],
      [2, 3],
      [4, 5],
      [4, 5],
    ]);
  });

  it("leave the last page alone where the count is even", () => {
    expect(spreadOf(6, 6, "double")).toEqual([6]);
    expect(nextOf(4, 6, "double")).toBe(6);
    expect(nextOf(6, 6, "double")).toBeNull();
  });

  it("show one page at a time in a single layout", () => {
    expect(spreadOf(4, 6, "single")).toEqual([4]);
    expect(nextOf(4, 6, "single")).toBe(5);
    expect(previousOf(1, "single")).toBeNull();
    expect(anchorOf(5, "single")).toBe(5);
  });

  it("cover every page exactly once, forwards and backwards, for any count", () => {
    for (const layout of ["single", "double"] as const) {
      for (let count = 1; count <= 9; count += 1) {
        const seen: number[] = [];
        let page: number | null = 1;
        let last = 1;
        while (page !== null) {
          seen.push(...spreadOf(page, count, layout));
          last = page;
          page = nextOf(page, count, layout);
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        while (last > 1) {
          const before = previousOf(last, layout);
          expect(before === null ? null : nextOf(before, count, layout)).toBe(last);
          last = before ?? 1;
        }
      }
    }
  });

  it("put the cover on the right, or on the left of a right-to-left book", () => {
    expect([1, 2, 3].map((page) => sideOf(page, "ltr"))).toEqual(["right", "left", "right"]);
    expect([1, 2, 3].map((page) => sideOf(page, "rtl"))).toEqual(["left", "right", "left"]);
  });

  it("keep at most eight pages at hand, the visible ones first", () => {
    expect(windowOf(10, 100, "double")).toEqual([10, 11, 12, 13, 8, 9, 14, 15]);
    expect(windowOf(1, 1, "single")).toEqual([1]);
  });
});
