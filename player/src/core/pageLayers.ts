/** Text and links of one page (contracts/layers.schema.json), read with suspicion. No DOM. */

export interface TextLine {
  readonly text: string;
  /** Points from the page's top left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Clockwise degrees of the reading direction. */
  readonly angle: 0 | 90 | 180 | 270;
}

export interface PageLink {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly target: { readonly url: string } | { readonly page: number };
}

export interface PageLayers {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly TextLine[];
  readonly links: readonly PageLink[];
}

const SAFE_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:", "tel:"]);
const MOST_LINES = 5000;
const MOST_LINKS = 500;

/** `address` when a reader may follow it, else null: only web, mail and telephone. */
export function safeUrl(address: unknown): string | null {
  if (typeof address !== "string") return null;
  try {
    const url = new URL(address);
    return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** What can be used of `value`; a damaged entry is left out, not fatal. */
export function readLayers(value: unknown): PageLayers | null {
  const fields = value as Record<string, unknown> | null;
  if (typeof fields !== "object" || fields === null) return null;
  const { width, height, lines, links } = fields;
  if (!(isLength(width) && isLength(height))) return null;
  return {
    width,
    height,
    lines: asArray(lines).slice(0, MOST_LINES).flatMap(readLine),
    links: asArray(links).slice(0, MOST_LINKS).flatMap(readLink),
  };
}

const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isLength = (value: unknown): value is number => isNumber(value) && value > 0;

function readLine(value: unknown): TextLine[] {
  const [text, x, y, width, height, angle] = asArray(value);
  if (typeof text !== "string" || !isNumber(x) || !isNumber(y) || !isLength(width) || !isLength(height))
    return [];
  return [{ text, x, y, width, height, angle: angle === 90 || angle === 180 || angle === 270 ? angle : 0 }];
}

function readLink(value: unknown): PageLink[] {
  if (typeof value !== "object" || value === null) return [];
  const { x, y, width, height, url, page } = value as Record<string, unknown>;
  if (!(isNumber(x) && isNumber(y) && isLength(width) && isLength(height))) return [];
  const safe = safeUrl(url);
  if (safe !== null) return [{ x, y, width, height, target: { url: safe } }];
  if (Number.isInteger(page) && (page as number) >= 1)
    return [{ x, y, width, height, target: { page: page as number } }];
  return [];
}
