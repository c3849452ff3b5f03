import Ajv2020 from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import layersSchema from "../../../contracts/layers.schema.json";
import manifestSchema from "../../../contracts/manifest.schema.json";
import { Book } from "./book";
import { type Manifest, ManifestError, readManifest } from "./manifest";
import { readLayers } from "./pageLayers";

const ajv = new Ajv2020({ strict: false });
const page = { width: 595, height: 842, small: "1s.png", medium: "1m.png", large: "1l.png" };

function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    version: 1,
    hash: "abcdef1234",
    title: "A title",
    direction: "ltr",
    state: "complete",
    progress: 100,
    pageCount: 3,
    files: "/files/token/",
    from: 0,
    pages: [page, { ...page, label: "iv" }, null],
    outline: [{ title: "One", page: 1, children: [] }],
    settings: {},
    links: { manifest: "/m", direct: "https://books.example/x", text: "/t" },
    ...changes,
  };
}

describe("reading a manifest", () => {
  it("takes what the contract's schema takes", () => {
    const value: unknown = JSON.parse(JSON.stringify(manifest()));
    expect(ajv.validate(manifestSchema, value)).toBe(true);
    expect(readManifest(value).title).toBe("A title");
  });

  it.each([
    ["version", { version: 2 }],
    ["direction", { direction: "up" }],
    ["state", { state: "lost" }],
    ["pages", { pages: "none" }],
    ["pages[0].width", { pages: [{ ...page, width: 0 }] }],
    ["links", { links: {} }],
    ["pageCount", { pageCount: "many" }],
  ])("refuses a wrong %s, as the schema does", (field, change) => {
    const value = { ...manifest(), ...change };
    expect(ajv.validate(manifestSchema, value)).toBe(false);
    expect(() => readManifest(value)).toThrow(new ManifestError(field));
  });
});

describe("the book", () => {
  it("grows as manifests arrive", () => {
    const book = new Book(manifest({ state: "processing", pageCount: null, pages: [page] }));
    expect(book.pageCount).toBe(1);
    expect(book.firstUnready()).toBe(1);
    expect(book.merge(manifest({ from: 1, pages: [page, null] }))).toEqual([2]);
    expect(book.pageCount).toBe(3);
    expect(book.firstUnready()).toBe(2);
  });

  it("joins file addresses with the signature of a guarded book", () => {
    expect(new Book(manifest({ filesQuery: "?sig=1" })).fileUrl("a.png")).toBe("/files/token/a.png?sig=1");
  });
});

describe("reading layers", () => {
  it("takes what the contract's schema takes", () => {
    const value = {
      width: 100,
      height: 200,
      lines: [["text", 1, 2, 3, 4, 90]],
      links: [{ x: 0, y: 0, width: 5, height: 5, page: 2 }],
    };
    expect(ajv.validate(layersSchema, value)).toBe(true);
    expect(readLayers(value)?.lines[0]?.angle).toBe(90);
    expect(readLayers(value)?.links[0]?.target).toEqual({ page: 2 });
  });

  it.each([
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/local",
    "",
  ])("leaves out the link %j", (url) => {
    const links = [{ x: 0, y: 0, width: 5, height: 5, url }];
    expect(readLayers({ width: 1, height: 1, lines: [], links })?.links).toEqual([]);
  });

  it("leaves out damaged lines and keeps the others", () => {
    const lines = [["ok", 0, 0, 1, 1], ["no size"], null, [1, 2, 3, 4, 5], ["NaN", Number.NaN, 0, 1, 1]];
    expect(readLayers({ width: 1, height: 1, lines, links: null })?.lines.map((line) => line.text)).toEqual([
      "ok",
    ]);
    expect(readLayers(null)).toBeNull();
  });
});
