import { describe, expect, it } from "vitest";
import { commandOf } from "./keys";
import { DOUBLE_TAPS, DRAGS, type Ground, meaningOf, type Press, TAPS } from "./table";
import { Velocity } from "./velocity";

const GROUNDS: readonly Ground[] = ["control", "link", "text", "edge", "outer", "inner", "stage"];
const press = (changes: Partial<Press>): Press => ({
  kind: "mouse",
  ground: "outer",
  zoomed: false,
  shift: false,
  ...changes,
});

describe("the gesture table", () => {
  it("knows every press", () => {
    for (const kind of ["mouse", "touch"] as const)
      for (const ground of GROUNDS)
        for (const zoomed of [true, false])
          for (const shift of [true, false])
            for (const rows of [DRAGS, TAPS, DOUBLE_TAPS]) {
              expect(() => meaningOf<string>(rows, { kind, ground, zoomed, shift })).not.toThrow();
            }
  });

  it.each([
    ["a mouse turns from the outer half", press({}), "turn"],
    ["a mouse does not turn from the inner half", press({ ground: "inner" }), "nothing"],
    ["a mouse selects over text", press({ ground: "text" }), "native"],
    ["a mouse turns at the edge even over text", press({ ground: "edge" }), "turn"],
    ["a finger turns from anywhere", press({ kind: "touch", ground: "text" }), "turn"],
    ["a finger turns over a link", press({ kind: "touch", ground: "link" }), "turn"],
    ["a zoomed page is moved", press({ zoomed: true, ground: "text" }), "pan"],
    ["shift selects on a zoomed page", press({ zoomed: true, ground: "text", shift: true }), "native"],
    ["controls are left alone", press({ kind: "touch", ground: "control", zoomed: true }), "native"],
  ])("%s", (_, given, meaning) => {
    expect(meaningOf(DRAGS, given)).toBe(meaning);
  });

  it("turns at a tap on the edge only, and never by a link", () => {
    expect(meaningOf(TAPS, press({ ground: "edge" }))).toBe("turn");
    expect(meaningOf(TAPS, press({ ground: "outer" }))).toBe("nothing");
    expect(meaningOf(TAPS, press({ ground: "link" }))).toBe("native");
    expect(meaningOf(TAPS, press({ ground: "edge", zoomed: true }))).toBe("nothing");
  });

  it("zooms at a double tap on the page, and turns twice at its edge", () => {
    expect(meaningOf(DOUBLE_TAPS, press({ ground: "inner" }))).toBe("zoom");
    expect(meaningOf(DOUBLE_TAPS, press({ ground: "edge", zoomed: true }))).toBe("zoom");
    expect(meaningOf(DOUBLE_TAPS, press({ ground: "edge" }))).toBe("turn");
  });
});

describe("keys", () => {
  const key = (name: string, changes = {}) => ({
    key: name,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...changes,
  });

  it("point where they point, in either direction of reading", () => {
    expect(commandOf(key("ArrowRight"), { direction: "ltr", zoomed: false })).toBe("next");
    expect(commandOf(key("ArrowRight"), { direction: "rtl", zoomed: false })).toBe("previous");
    expect(commandOf(key("ArrowRight"), { direction: "rtl", zoomed: true })).toBe("panRight");
  });

  it("leave the browser its own", () => {
    expect(commandOf(key("f", { ctrlKey: true }), { direction: "ltr", zoomed: false })).toBeNull();
    expect(commandOf(key("0", { metaKey: true }), { direction: "ltr", zoomed: false })).toBeNull();
    expect(commandOf(key("Tab"), { direction: "ltr", zoomed: false })).toBeNull();
  });

  it("go on with Space and back with Shift and Space", () => {
    expect(commandOf(key(" "), { direction: "ltr", zoomed: false })).toBe("next");
    expect(commandOf(key(" ", { shiftKey: true }), { direction: "ltr", zoomed: false })).toBe("previous");
  });
});

describe("velocity", () => {
  it("is that of the last moments, and none after a rest", () => {
    const velocity = new Velocity();
    velocity.add(0, 0, 0);
    velocity.add(50, 0, 1000);
    velocity.add(80, 0, 1030);
    expect(velocity.at(1030).x).toBeCloseTo(1);
    expect(velocity.at(2000).x).toBe(0);
  });
});
