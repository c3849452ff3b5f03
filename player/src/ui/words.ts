/** Every word that the player says. A catalogue of another language is another object of this type. */

import type { PageName } from "../core/book";

/** Whether the labels are the pages' numbers, so that one of the two says all. */
const isPlain = (pages: readonly PageName[]): boolean =>
  pages.every(({ label, number }) => label === String(number));

/** Where the pages lie in the document: " of 120", or " (14–15 of 120)" where other numbers are printed on them. */
function within(pages: readonly PageName[], total: number): string {
  if (total === 0) return "";
  const numbers = pages.map(({ number }) => number).join("–");
  return isPlain(pages) ? ` of ${total}` : ` (${numbers} of ${total})`;
}

export const ENGLISH = {
  stage: "Book pages",
  controls: "Reading controls",
  contents: "Contents",
  close: "Close",
  previous: "Previous page",
  next: "Next page",
  pageField: "Go to page",
  slider: "Position in the book",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomReset: "Show the whole page",
  share: "Share this page",
  shareHint: "Link to this page",
  copy: "Copy link",
  copied: "Link copied",
  copyByHand: "Copy the marked link",
  download: "Download PDF",
  fullScreen: "Full screen",
  leaveFullScreen: "Leave full screen",
  openAlone: "Open in a window of its own",
  retry: "Try again",
  pageFailed: "This page did not load",
  pagePreparing: "still being prepared",
  preparing: "Preparing this book",
  preparingMore: (percent: number) => `Preparing pages, ${percent} %`,
  failed: "This publication cannot be shown",
  reached: (reached: number, total: number, why: string) =>
    `Only ${reached} of ${total} pages were prepared. ${why} Readers do not see this.`,
  pageUnreached: "This page was not prepared",
  failedReason: "It could not be prepared for reading. Its publisher can put that right.",
  noSuchPage: (text: string) => `There is no page ${text}.`,
  isLastPage: (text: string) => `There is no page ${text}. This is the last one.`,
  isFirstPage: (text: string) => `There is no page ${text}. This is the first one.`,
  page: (page: PageName, total: number) => `Page ${page.label}${within([page], total)}`,
  pages: (first: PageName, last: PageName, total: number) =>
    `Pages ${first.label} and ${last.label}${within([first, last], total)}`,
  /** Beside the labels in the page field. */
  fieldTotal: (pages: readonly PageName[], total: number) =>
    isPlain(pages) ? (total > 0 ? `/ ${total}` : "") : within(pages, total).trim(),
  goToPage: (label: string) => `Go to page ${label}`,
  zoomLevel: (percent: number) => `${percent} %`,
  keys: { previous: "←", next: "→", zoomIn: "+", zoomOut: "−", zoomReset: "0" },
};

export type Words = typeof ENGLISH;
