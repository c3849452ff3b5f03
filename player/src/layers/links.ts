/** The links of a page: real anchors over the image, reached by Tab, never flipped by accident. */

import type { PageLayers, PageLink } from "../core/pageLayers";
import { element } from "../render/dom";
import type { Layer, LayerContext } from "./layer";

export const linkLayer: Layer = {
  build(layers, host, context) {
    if (layers.links.length === 0) return;
    const links = layers.links.map((link) => linkElement(link, layers, context));
    host.append(element("div", { class: "links" }, ...links));
  },
};

function linkElement(link: PageLink, layers: PageLayers, context: LayerContext): HTMLElement {
  const { target } = link;
  const name = wordsUnder(link, layers) || ("url" in target ? target.url : context.nameOfPage(target.page));
  const made = element("a", {
    class: "link",
    "aria-label": name,
    title: "url" in target ? target.url : context.nameOfPage(target.page),
    ...("url" in target
      ? { href: target.url, target: "_blank", rel: "noopener nofollow ugc" }
      : { href: `#p=${target.page}` }),
  });
  made.style.left = `${(link.x / layers.width) * 100}%`;
  made.style.top = `${(link.y / layers.height) * 100}%`;
  made.style.width = `${(link.width / layers.width) * 100}%`;
  made.style.height = `${(link.height / layers.height) * 100}%`;
  made.addEventListener("click", (event) => {
    if ("page" in target) event.preventDefault();
    context.followed(context.page, target);
  });
  return made;
}

/** The text that the link lies over. */
function wordsUnder(link: PageLink, layers: PageLayers): string {
  return layers.lines
    .filter((line) => {
      const x = line.x + line.width / 2;
      const y = line.y + line.height / 2;
      return x >= link.x && x <= link.x + link.width && y >= link.y && y <= link.y + link.height;
    })
    .map((line) => line.text)
    .join(" ")
    .trim()
    .slice(0, 200);
}
