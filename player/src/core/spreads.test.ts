import { describe, expect, it } from "vitest";
import contract from "../../../contracts/spreads.json";
import { type Layout, pagesOf, type SpreadRules, Spreads } from "./spreads";

function spreads(pageCount: number, layout: Layout, rules: Partial<SpreadRules> = {}): Spreads {
  return new Spreads(pageCount, {
    layout,
    coverAlone: true,
    splits: false,
    spreadPages: new Set(),
    ...rules,
  });
}

/** Every spread in reading order, by going forwards. */
function walk(laid: Spreads): (readonly number[])[] {
  const seen: (readonly number[])[] = [];
  let place: number | null = 1;
  while (place !== null) {
    seen.push(laid.holding(place));
    place = laid.nextOf(place);
  }
  return seen;
}

describe("spreads", () => {
  it.each(contract.cases.filter((each) => each.pageCount > 0))(
    "lay out $case as the contract says",
    (each) => {
      const laid = spreads(each.pageCount, "double", {
        coverAlone: each.coverAlone,
        spreadPages: new Set(each.spreadPages),
      });
      expect(walk(laid).map(pagesOf)).toEqual(each.spreads);
    },
  );

  it("break a spread page into the halves that fill both sides", () => {
    const laid = spreads(4, "double", { spreadPages: new Set([2]) });
    expect(laid.holding(2)).toEqual([2, 2.5]);
    expect([2, 2.5].map((place) => laid.sideOf(place, "ltr"))).toEqual(["left", "right"]);
    expect([2, 2.5].map((place) => laid.halfOf(place, "ltr"))).toEqual(["left", "right"]);
    expect([2, 2.5].map((place) => laid.sideOf(place, "rtl"))).toEqual(["right", "left"]);
    expect([2, 2.5].map((place) => laid.halfOf(place, "rtl"))).toEqual(["right", "left"]);
    expect(laid.halfOf(3, "ltr")).toBeNull();
  });

  it("show a spread page whole in a single layout, or its halves in turn", () => {
    const spreadPages = new Set([2]);
    expect(walk(spreads(3, "single", { spreadPages }))).toEqual([[1], [2], [3]]);
    expect(walk(spreads(3, "single", { spreadPages, splits: true }))).toEqual([[1], [2], [2.5], [3]]);
    expect(spreads(3, "single", { spreadPages }).halfOf(2, "ltr")).toBeNull();
  });

  it("cover every page exactly once, forwards and backwards, for any count", () => {
    for (const layout of ["single", "double"] as const) {
      for (let count = 1; count <= 9; count += 1) {
        const laid = spreads(count, layout, { spreadPages: new Set([1, 4, 5]), splits: true });
        const seen = walk(laid);
        expect(pagesOf(seen.flat())).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        for (const [before, after] of seen.slice(1).map((spread, index) => [seen[index], spread])) {
          expect(laid.previousOf(after?.[0] ?? 0)).toBe(before?.[0]);
        }
      }
    }
  });

  it("put the cover on the right, or on the left of a right-to-left book", () => {
    const laid = spreads(3, "double");
    expect([1, 2, 3].map((page) => laid.sideOf(page, "ltr"))).toEqual(["right", "left", "right"]);
    expect([1, 2, 3].map((page) => laid.sideOf(page, "rtl"))).toEqual(["left", "right", "left"]);
    expect(spreads(3, "double", { coverAlone: false }).sideOf(1, "ltr")).toBe("left");
  });

  it("know the front and the back of the closed book", () => {
    const laid = spreads(4, "double");
    expect([1, 2, 3, 4].map((page) => laid.isOuter(page))).toEqual([true, false, false, true]);
    expect(spreads(3, "double").isOuter(3)).toBe(false);
    expect(spreads(2, "single").isOuter(1)).toBe(false);
  });

  it("keep at most eight places at hand, the visible ones first", () => {
    expect(spreads(100, "double").windowOf(10)).toEqual([10, 11, 12, 13, 8, 9, 14, 15]);
    expect(spreads(1, "single").windowOf(1)).toEqual([1]);
  });

  it("know no place beyond the pages that there are so far", () => {
    expect(spreads(0, "single").holding(3)).toEqual([3]);
    expect(spreads(0, "double").nextOf(1)).toBeNull();
  });
});
