import { describe, expect, it } from "vitest";
import { Book } from "./book";
import type { Manifest, Page } from "./manifest";

/** A book of `labels.length` pages; only the first `known` have arrived. */
function bookOf(
  labels: readonly string[],
  known = labels.length,
  pageCount: number | null = labels.length,
): Book {
  const pages = labels.slice(0, known).map((label, index): Page => {
    const page = { width: 420, height: 560, small: "s", medium: "m", large: "l" };
    return label === String(index + 1) ? page : { ...page, label };
  });
  const manifest: Manifest = {
    version: 1,
    hash: "demobook01",
    title: "A book",
    direction: "ltr",
    state: "complete",
    progress: 100,
    pageCount,
    files: "/files/",
    from: 0,
    pages,
    outline: [],
    settings: {},
    links: { manifest: "/manifest", direct: "http://books.example/a.html", text: "/text" },
  };
  return new Book(manifest);
}

const FRONT_MATTER = ["i", "ii", "1", "2", "3", "A-1"];
const at = (page: number, isOutside = false) => ({ page, isOutside });

describe("what a reader types", () => {
  it.each([
    ["ii", at(2)],
    [" II ", at(2)],
    ["2", at(4)],
    ["２", at(4)],
    ["a-1", at(6)],
    ["ii–1", at(2)],
    ["2-3", at(4)],
    // No label, but a place in the document.
    ["6", at(6)],
    ["7", at(6, true)],
    ["999999999", at(6, true)],
    ["0", at(1, true)],
    ["-3", at(1, true)],
    ["nowhere", null],
    ["1.5", null],
    ["", null],
    ["-", null],
  ])("%j is %j", (text, found) => {
    expect(bookOf(FRONT_MATTER).find(text)).toEqual(found);
  });

  it("is no outside as long as nobody knows how long the book is", () => {
    expect(bookOf(["1", "2"], 2, null).find("9")).toEqual(at(2));
  });
});

describe("an address", () => {
  it.each([
    ["2", at(2)],
    ["ii", at(2)],
    ["9", at(6, true)],
    ["nowhere", null],
  ])("%j is %j: numbers are places, so that a page's own address leads back to it", (text, found) => {
    expect(bookOf(FRONT_MATTER).findInAddress(text)).toEqual(found);
  });
});

describe("a long book of which a part has arrived", () => {
  it("can tell a label that it knows, and no other", () => {
    const book = bookOf(FRONT_MATTER, 3);
    expect(book.canTell("ii")).toBe(true);
    expect(book.canTell("2")).toBe(false);
    expect(book.canTell("A-1")).toBe(false);
    expect(bookOf(FRONT_MATTER).canTell("nowhere")).toBe(true);
  });
});
