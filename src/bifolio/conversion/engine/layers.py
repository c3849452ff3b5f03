"""The layers of a page (contracts/layers.schema.json): text, links, structure."""

from typing import Any

from bifolio.conversion.engine.geometry import PageFrame
from bifolio.conversion.engine.layers_json import write_layers
from bifolio.conversion.engine.links import read_links
from bifolio.conversion.engine.marked_text import read_marked_text
from bifolio.conversion.engine.pdfium import Handle, raw
from bifolio.conversion.engine.properties import document_language
from bifolio.conversion.engine.structure import Block, read_blocks
from bifolio.conversion.engine.structure_tree import read_tree
from bifolio.conversion.engine.text import PageText, read_lines


def read_layers(document: Handle, page: Handle, frame: PageFrame, page_count: int) -> bytes:
    """The layers as JSON, empty for a page without text, links, structure and pictures."""
    text_page = raw.FPDFText_LoadPage(page)
    try:
        page_text = PageText(text_page)
        lines = read_lines(page_text, frame)
        links = read_links(document, page, text_page, frame, page_count)
        blocks = _blocks(document, page, page_text)
    finally:
        if text_page:
            raw.FPDFText_ClosePage(text_page)
    layers: dict[str, Any] = {"lines": lines, "links": links}
    if blocks:
        layers["blocks"] = blocks
    if not lines and _has_drawing(page):
        layers["picture"] = True
    return write_layers(frame.width_pt, frame.height_pt, layers)


def _blocks(document: Handle, page: Handle, page_text: PageText) -> list[Block]:
    roots = read_tree(page)
    if not roots:
        return []
    return read_blocks(roots, read_marked_text(page_text), document_language(document))


def _has_drawing(page: Handle) -> bool:
    """Whether anything is drawn: a scan, a photograph, or text that was turned into shapes."""
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, index)) != raw.FPDF_PAGEOBJ_TEXT
        for index in range(min(raw.FPDFPage_CountObjects(page), 100))
    )
