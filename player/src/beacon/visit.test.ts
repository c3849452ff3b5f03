import { describe, expect, it } from "vitest";
import { Visit } from "./visit";

const pages = (visit: Visit, now_ms: number) => visit.state(now_ms).pages;

describe("a visit", () => {
  it("is active from its load on, for a minute after each sign of life", () => {
    const visit = new Visit(1000);
    expect(visit.state(31_000).active).toBe(30);
    expect(visit.state(200_000).active).toBe(60);
    visit.sign(200_000);
    expect(visit.state(210_000).active).toBe(70);
    expect(visit.isActive(259_999)).toBe(true);
    expect(visit.isActive(260_000)).toBe(false);
  });

  it("counts no time while hidden", () => {
    const visit = new Visit(0);
    visit.setVisible(false, 5000);
    visit.setVisible(true, 45_000);
    expect(visit.state(50_000).active).toBe(10);
  });

  it("gives both pages of a spread their time in full", () => {
    const visit = new Visit(0);
    visit.show([2, 3], 0);
    visit.show([4, 5], 4000);
    expect(pages(visit, 6500)).toEqual([
      [2, 4, 1, 0],
      [3, 4, 1, 0],
      [4, 2.5, 1, 0],
      [5, 2.5, 1, 0],
    ]);
  });

  it("counts a page as seen after a second, once for each showing", () => {
    const visit = new Visit(0);
    visit.show([1], 0);
    visit.show([2, 3], 900);
    visit.show([1], 1500);
    visit.state(1900);
    visit.show([1], 2000);
    expect(pages(visit, 9000)[0]).toEqual([1, 8.4, 1, 0]);
    visit.show([2, 3], 9000);
    visit.show([1], 9100);
    expect(pages(visit, 12_000)[0]?.[2]).toBe(2);
  });

  it("counts an interaction once, and a link's click for its page", () => {
    const visit = new Visit(0);
    visit.show([1], 0);
    visit.interact(100);
    visit.click(1, 200);
    expect(visit.state(200).views).toBe(2);
    expect(pages(visit, 200)[0]?.[3]).toBe(1);
  });

  it("never goes back, whatever the clock says", () => {
    const visit = new Visit(1000);
    visit.state(5000);
    visit.sign(4000);
    expect(visit.state(4500).active).toBe(4);
    expect(visit.state(6000).active).toBe(5);
  });
});
