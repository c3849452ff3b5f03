/** Our icons: one stroke weight, drawn on 24 × 24. */

const PATHS = {
  left: "M14.5 5.5 8 12l6.5 6.5",
  right: "M9.5 5.5 16 12l-6.5 6.5",
  contents: "M4 6h2M9.5 6H20M4 12h2M9.5 12H20M4 18h2M9.5 18H20",
  zoomIn: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3 20 20M7.8 10.5h5.4M10.5 7.8v5.4",
  zoomOut: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3 20 20M7.8 10.5h5.4",
  share: "M12 15V4M8 7.5 12 3.5l4 4M6 11.5H5V20h14v-8.500h-1",
  download: "M12 4v10.500M7.500 10.500 12 15l4.500-4.500M4.500 19.500h15",
  fullScreen: "M4.500 9V4.500H9M15 4.500h4.500V9M19.500 15v4.500H15M9 19.500H4.500V15",
  leaveFullScreen: "M9 4.500V9H4.500M19.500 9H15V4.500M15 19.500V15h4.500M4.500 15H9v4.500",
  openAlone: "M13.500 4.500h6v6M19.500 4.500 11 13M17 13.500v6H4.500V7H10.500",
  close: "M6 6l12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
