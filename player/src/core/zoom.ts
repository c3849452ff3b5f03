/** How far the reader is zoomed in, and where. Lengths in CSS pixels from the middle of the free space. No DOM. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface View {
  /** 1 is the whole spread. */
  readonly zoom: number;
  /** Where the middle of the book has moved to. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0 };
export const ZOOM_LIMIT = 5;
export const ZOOM_STEPS: readonly number[] = [1, 1.5, 2, 3, 4, ZOOM_LIMIT];

export const isZoomed = (view: View): boolean => view.zoom > 1.001;

/** Zooms so that what lies under `about` stays there. */
export function zoomAbout(view: View, zoom: number, about: Point): View {
  const next = Math.min(Math.max(zoom, 1), ZOOM_LIMIT);
  const ratio = next / view.zoom;
  return { zoom: next, x: about.x - (about.x - view.x) * ratio, y: about.y - (about.y - view.y) * ratio };
}

/** The step above or below `zoom`. */
export function stepFrom(zoom: number, direction: 1 | -1): number {
  if (direction === 1) return ZOOM_STEPS.find((step) => step > zoom + 0.01) ?? ZOOM_LIMIT;
  return [...ZOOM_STEPS].reverse().find((step) => step < zoom - 0.01) ?? 1;
}

export interface Outline {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Keeps the book in the free space: no gap at an edge that could be filled, centred where it is smaller. */
export function clampView(view: View, book: Outline, space: { width: number; height: number }): View {
  return {
    zoom: view.zoom,
    x: clampAxis(view.x, book.left, book.right, space.width),
    y: clampAxis(view.y, book.top, book.bottom, space.height),
  };
}

function clampAxis(offset: number, low: number, high: number, room: number): number {
  if (high - low <= room) return -(low + high) / 2;
  return Math.min(Math.max(offset, room / 2 - high), -room / 2 - low);
}

/** Where reading starts on a zoomed spread: its top, on the side where the language begins. */
export function readingStart(
  zoom: number,
  book: Outline,
  space: { width: number; height: number },
  rtl: boolean,
): View {
  const far = Number.MAX_SAFE_INTEGER;
  return clampView({ zoom, x: rtl ? -far : far, y: far }, book, space);
}
