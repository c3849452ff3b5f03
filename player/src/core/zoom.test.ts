import { describe, expect, it } from "vitest";
import { clampView, readingStart, stepFrom, WHOLE, ZOOM_LIMIT, zoomAbout } from "./zoom";

const space = { width: 1000, height: 600 };
const book = { left: -800, right: 800, top: -600, bottom: 600 };

describe("zoom", () => {
  it("keeps the point under the finger where it is", () => {
    const view = zoomAbout(WHOLE, 2, { x: 100, y: -50 });
    expect(view).toEqual({ zoom: 2, x: -100, y: 50 });
    expect(zoomAbout(view, 1, { x: 100, y: -50 })).toEqual({ zoom: 1, x: 0, y: 0 });
  });

  it("stays between the whole page and the limit", () => {
    expect(zoomAbout(WHOLE, 99, { x: 0, y: 0 }).zoom).toBe(ZOOM_LIMIT);
    expect(zoomAbout(WHOLE, 0.1, { x: 0, y: 0 }).zoom).toBe(1);
    expect([stepFrom(1, 1), stepFrom(1.7, 1), stepFrom(1.7, -1), stepFrom(1, -1)]).toEqual([1.5, 2, 1.5, 1]);
  });

  it("never shows a gap at an edge that the book could fill", () => {
    expect(clampView({ zoom: 2, x: 900, y: -900 }, book, space)).toEqual({ zoom: 2, x: 300, y: -300 });
  });

  it("starts reading at the top, where the language begins", () => {
    expect(readingStart(2, book, space, false)).toEqual({ zoom: 2, x: 300, y: 300 });
    expect(readingStart(2, book, space, true)).toEqual({ zoom: 2, x: -300, y: 300 });
  });
});
