import { describe, expect, it } from "vitest";
import { directLink, hashWithPage, pageInHash } from "./deepLink";

describe("deep links", () => {
  it.each([
    ["#p=12", "12"],
    ["#p=iv", "iv"],
    ["#?secret=x&p=3", "3"],
    ["#p=", null],
    ["", null],
    ["#?secret=x", null],
  ])("read %j as %j", (hash, page) => {
    expect(pageInHash(hash)).toBe(page);
  });

  it("keep what else stands in the hash", () => {
    expect(hashWithPage("#q=word", 7)).toBe("#q=word&p=7");
  });

  it("share the page in the direct address, the first page without", () => {
    expect(directLink("https://books.example/a-b.html", 7)).toBe("https://books.example/a-b.html?p=7");
    expect(directLink("https://books.example/a-b.html", 1)).toBe("https://books.example/a-b.html");
  });
});
