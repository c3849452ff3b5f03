import { describe, expect, it } from "vitest";
import { ENGLISH } from "./words";

const plain = [
  { label: "6", number: 6 },
  { label: "7", number: 7 },
] as const;
const printed = [
  { label: "292", number: 294 },
  { label: "293", number: 295 },
] as const;

describe("a page is named", () => {
  it("by its number alone where nothing else is printed on it", () => {
    expect(ENGLISH.page(plain[0], 12)).toBe("Page 6 of 12");
    expect(ENGLISH.pages(...plain, 12)).toBe("Pages 6 and 7 of 12");
    expect(ENGLISH.fieldTotal(plain, 12)).toBe("/ 12");
  });

  it("by its label, and by where it lies, where the two differ", () => {
    expect(ENGLISH.page(printed[0], 300)).toBe("Page 292 (294 of 300)");
    expect(ENGLISH.pages(...printed, 300)).toBe("Pages 292 and 293 (294–295 of 300)");
    expect(ENGLISH.fieldTotal(printed, 300)).toBe("(294–295 of 300)");
  });

  it("without a total that nobody knows", () => {
    expect(ENGLISH.page(printed[0], 0)).toBe("Page 292");
    expect(ENGLISH.fieldTotal(plain, 0)).toBe("");
    expect(ENGLISH.fieldTotal(printed, 0)).toBe("");
  });
});
