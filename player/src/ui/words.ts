/** Every word that the player says. A catalogue of another language is another object of this type. */

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
  failed: "This document could not be turned into a book.",
  noSuchPage: (text: string) => `There is no page ${text}`,
  page: (label: string, total: number) => (total > 0 ? `Page ${label} of ${total}` : `Page ${label}`),
  pages: (first: string, last: string, total: number) =>
    total > 0 ? `Pages ${first} and ${last} of ${total}` : `Pages ${first} and ${last}`,
  goToPage: (label: string) => `Go to page ${label}`,
  zoomLevel: (percent: number) => `${percent} %`,
  keys: { previous: "←", next: "→", zoomIn: "+", zoomOut: "−", zoomReset: "0" },
};

export type Words = typeof ENGLISH;
