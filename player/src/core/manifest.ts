/** What the player knows of a flipbook (contracts/manifest.schema.json). No DOM. */

export type Direction = "ltr" | "rtl";
export type BookState = "processing" | "complete" | "failed";
export type ImageSize = "small" | "medium" | "large";

/** Widths in pixels of the images that a conversion leaves. */
export const IMAGE_WIDTHS_PX: Record<ImageSize, number> = { small: 240, medium: 900, large: 1800 };

export interface Page {
  /** Points, as displayed. */
  readonly width: number;
  readonly height: number;
  readonly label?: string;
  readonly small: string;
  readonly medium: string;
  readonly large: string;
  readonly layers?: string;
  readonly placeholder?: true;
}

export interface OutlineEntry {
  readonly title: string;
  readonly page?: number;
  readonly children?: readonly OutlineEntry[];
}

export interface Manifest {
  readonly version: 1;
  readonly hash: string;
  readonly title: string;
  readonly description?: string;
  readonly language?: string | null;
  readonly direction: Direction;
  readonly state: BookState;
  /** Per cent of the pages converted. */
  readonly progress: number;
  readonly error?: string | null;
  readonly pageCount?: number | null;
  readonly files: string;
  readonly filesQuery?: string;
  readonly from: number;
  readonly pages: readonly (Page | null)[];
  /** Numbers of the pages that are spreads, two facing pages drawn as one. */
  readonly spreadPages?: readonly number[];
  /** Of a failed conversion, for its owner alone: how many pages it has reached. */
  readonly reachedPages?: number;
  readonly outline: readonly OutlineEntry[];
  readonly settings: {
    readonly allowDownload?: boolean;
    readonly coverAlone?: boolean;
    readonly doublePages?: "whole" | "split";
  };
  readonly links: {
    readonly manifest: string;
    readonly direct: string;
    readonly text: string;
    readonly download?: string;
  };
  readonly visitToken?: string;
}

/** The answer is no manifest of a version that this player reads. */
export class ManifestError extends Error {
  constructor(readonly field: string) {
    super(`The manifest's "${field}" is missing or of another kind`);
    this.name = "ManifestError";
  }
}

type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isOneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const isPositive: Check = (value) => typeof value === "number" && value > 0 && Number.isFinite(value);
const isIndex: Check = (value) => Number.isInteger(value) && (value as number) >= 0;

const MANIFEST_CHECKS: Record<string, Check> = {
  version: isOneOf(1),
  hash: isText,
  title: isText,
  direction: isOneOf("ltr", "rtl"),
  state: isOneOf("processing", "complete", "failed"),
  progress: isIndex,
  files: isText,
  from: isIndex,
  pages: Array.isArray,
  outline: Array.isArray,
  settings: isFields,
  links: (value) => isFields(value) && isText(value.manifest) && isText(value.direct),
  pageCount: (value) => value === undefined || value === null || isIndex(value),
};

const PAGE_CHECKS: Record<string, Check> = {
  width: isPositive,
  height: isPositive,
  small: isText,
  medium: isText,
  large: isText,
};

function check(value: unknown, checks: Record<string, Check>, prefix = ""): void {
  if (!isFields(value)) throw new ManifestError(prefix || "manifest");
  for (const [name, holds] of Object.entries(checks)) {
    if (!holds(value[name])) throw new ManifestError(prefix + name);
  }
}

/** Returns `value` as a manifest. Throws ManifestError. */
export function readManifest(value: unknown): Manifest {
  check(value, MANIFEST_CHECKS);
  const manifest = value as Manifest;
  manifest.pages.forEach((page, index) => {
    if (page !== null) check(page, PAGE_CHECKS, `pages[${index}].`);
  });
  return manifest;
}
