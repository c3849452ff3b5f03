/** The text of a page, transparent over its image: what selection, find-in-page and screen readers use. */

import type { PageLayers, TextLine } from "../core/pageLayers";
import { element } from "../render/dom";
import { type Layer, whenIdle } from "./layer";

const LINES_PER_SLICE = 120;
/** Type fills about this part of the height of its bounding box. */
const TYPE_SIZE = 0.86;

export const textLayer: Layer = {
  async build(layers, host, context) {
    const root = element("div", { class: "text", lang: context.language ?? undefined });
    host.append(root);
    for (let start = 0; start < layers.lines.length; start += LINES_PER_SLICE) {
      if (start > 0) await whenIdle(200);
      if (context.signal.aborted) return;
      appendSlice(root, layers.lines.slice(start, start + LINES_PER_SLICE), layers);
    }
  },
};

/** Writes, then measures, then writes: one layout for a whole slice. */
function appendSlice(root: HTMLElement, lines: readonly TextLine[], page: PageLayers): void {
  const made = lines.map((line) => ({ line, span: lineElement(line, page) }));
  root.append(...made.map(({ span }) => span));
  const pageWidth = root.clientWidth;
  const widths = made.map(({ span }) => span.offsetWidth);
  made.forEach(({ line, span }, index) => {
    const wanted = (lengthOf(line) / page.width) * pageWidth;
    const natural = widths[index] ?? 0;
    const stretch = natural > 0 && wanted > 0 ? wanted / natural : 1;
    span.style.transform = `rotate(${line.angle}deg) scaleX(${stretch.toFixed(4)})`;
  });
}

const isUpright = (line: TextLine): boolean => line.angle === 90 || line.angle === 270;
const lengthOf = (line: TextLine): number => (isUpright(line) ? line.height : line.width);
const thicknessOf = (line: TextLine): number => (isUpright(line) ? line.width : line.height);

function lineElement(line: TextLine, page: PageLayers): HTMLElement {
  const made = element("div", { class: "line", dir: "auto" }, `${line.text}\n`);
  const right = line.angle === 90 || line.angle === 180 ? line.width : 0;
  const down = line.angle === 180 || line.angle === 270 ? line.height : 0;
  made.style.left = `${((line.x + right) / page.width) * 100}%`;
  made.style.top = `${((line.y + down) / page.height) * 100}%`;
  made.style.fontSize = `${((thicknessOf(line) * TYPE_SIZE) / page.height) * 100}cqh`;
  made.style.lineHeight = String(1 / TYPE_SIZE);
  return made;
}
