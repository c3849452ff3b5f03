"""What a tagged page is made of: headings, paragraphs, lists, tables, figures, in the author's order.

Text that belongs to no element is header, footer or ornament, and is left out. No PDFium in here.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from bifolio.conversion.engine.marked_text import MarkedText
from bifolio.conversion.engine.structure_tree import Node
from bifolio.conversion.limits import (
    MAX_ALTERNATIVE_CHARACTERS,
    MAX_BLOCKS,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_PASSAGES,
    MAX_SPANNED,
)
from bifolio.conversion.text import paragraph

Block = dict[str, Any]
Cell = str | list[str | int]
"""A cell's text; where it is a head or reaches further: text, 1 for a head, columns, rows."""

_HEADING = re.compile(r"H(\d*)|Title")
_LISTS = {"L", "TOC"}
_ITEMS = {"LI", "TOCI"}
_PICTURES = {"Figure", "Formula"}
_LEFT_OUT = {"Artifact", "Private"}
_INLINE = {
    "Span",
    "Quote",
    "Link",
    "Annot",
    "Reference",
    "LBody",
    "Em",
    "Strong",
    "Sub",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "Form",
    "Code",
}
_BULLET = re.compile(
    "[\u2022\u2023\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u00b7\u2013\u2014*\uf000-\uf0ff-] +"
)
_DEEPEST_ITEM = 9
_LEAST_SHARE = 0.5
"""Where less of a page's text than this is in its structure, the lines say more."""


class _Passage(str):
    """Text inside a block that is in another language than the block."""

    __slots__ = ("language",)
    language: str


class _Place(NamedTuple):
    """Where in the structure a node stands."""

    language: str
    items: int = 0
    """Lists around it."""
    is_in_item: bool = False


def read_blocks(roots: Iterable[Node], marked: MarkedText, language: str) -> list[Block]:
    """Blocks as the layers schema has them, none where the tags are useless.

    ``language`` is the document's; a block names its own only where that differs.
    """
    writer = _Writer(marked)
    blocks: list[Block] = []
    characters = MAX_CHARACTERS
    for root in roots:
        for block in writer.flow(root, _Place(language)):
            characters -= _size(block)
            if len(blocks) >= MAX_BLOCKS or characters < 0:
                break
            if block.get("language", "").lower() == language.lower():
                block.pop("language", None)
            blocks.append(block)
    return blocks if marked.taken >= _LEAST_SHARE * marked.total else []


def _size(block: Block) -> int:
    cells = (cell if isinstance(cell, str) else cell[0] for row in block.get("rows", ()) for cell in row)
    return len(block.get("text", "")) + sum(map(len, cells))


class _Writer:
    def __init__(self, marked: MarkedText) -> None:
        self._marked = marked
        self._cells = MAX_CELLS
        self._spanned = MAX_SPANNED

    def flow(self, node: Node, place: _Place) -> Iterator[Block]:
        """The blocks of a node; text that is in none of them becomes paragraphs."""
        parts = self._parts(node, place)
        return _gathered(parts, lambda text: _text_block("paragraph", text, place))

    def _parts(self, node: Node, place: _Place) -> Iterator[str | Block]:
        """What a node adds to the block around it: text that goes on there, and blocks of its own."""
        outer, place = place, place._replace(language=node.language or place.language)
        if node.kind in _LEFT_OUT:
            return iter(())
        if node.kind in _LISTS:
            place = place._replace(items=place.items + 1, is_in_item=False)
        if node.kind in _INLINE or node.kind in _LISTS:
            is_passage = node.kind in _INLINE and place.language != outer.language
            content = self._content(node, place)
            return _as_passages(content, place.language) if is_passage else content
        if node.kind == "Table":
            return self._table(node, place)
        if node.kind in _PICTURES and node.alternative:
            return self._picture(node, place)
        if node.kind == "Lbl":
            return self._label(node, place)
        return self._own_blocks(node, place)

    def _own_blocks(self, node: Node, place: _Place) -> Iterator[str | Block]:
        """The blocks of a heading, an item, a paragraph; inside an item a paragraph is the item's text."""
        heading = _HEADING.fullmatch(node.kind)
        if node.kind in _ITEMS:
            level = min(_DEEPEST_ITEM, max(1, place.items))
            return self._blocks(node, place._replace(is_in_item=True), "item", level)
        if place.is_in_item:
            return chain(self._content(node, place), ("\n",))
        if heading:
            return self._blocks(node, place, "heading", min(6, max(1, int(heading[1] or 1))))
        return self._blocks(node, place, "paragraph", 0)

    def _blocks(self, node: Node, place: _Place, kind: str, level: int) -> Iterator[Block]:
        return _gathered(self._content(node, place), lambda text: _text_block(kind, text, place, level))

    def _label(self, node: Node, place: _Place) -> Iterator[str]:
        """The label of an item: a bullet says nothing, a number or a letter does."""
        text = "".join(part for part in self._content(node, place) if isinstance(part, str))
        if any(map(str.isalnum, text)):
            yield text

    def _content(self, node: Node, place: _Place) -> Iterator[str | Block]:
        if node.replacement or (node.alternative and node.kind in _INLINE):
            self._use_up(node)
            yield (node.replacement or node.alternative)[:MAX_ALTERNATIVE_CHARACTERS]
            return
        for child in node.children:
            if isinstance(child, int):
                yield self._marked.take(child)
            else:
                yield from self._parts(child, place)

    def _use_up(self, node: Node) -> None:
        """Count the text below a node as told, because something stands for it."""
        for child in node.children:
            if isinstance(child, int):
                self._marked.take(child)
            else:
                self._use_up(child)

    def _picture(self, node: Node, place: _Place) -> Iterator[Block]:
        self._use_up(node)
        text = paragraph([node.alternative[:MAX_ALTERNATIVE_CHARACTERS]])
        if text:
            yield _text_block("figure", text, place)

    def _table(self, node: Node, place: _Place) -> Iterator[Block]:
        parts = list(_table_parts(node))
        for part in parts:
            if part.kind != "TR":
                yield from self.flow(part, place)
        rows = [self._row(part, place) for part in parts if part.kind == "TR"]
        rows = [row for row in rows if any(cell if isinstance(cell, str) else cell[0] for cell in row)]
        if rows:
            yield _block({"kind": "table", "rows": rows}, place)

    def _row(self, node: Node, place: _Place) -> list[Cell]:
        cells = [child for child in node.children if isinstance(child, Node) and child.kind in {"TD", "TH"}]
        cells = cells[: self._cells]
        self._cells -= len(cells)
        return [self._cell(cell, place) for cell in cells]

    def _cell(self, node: Node, place: _Place) -> Cell:
        text = paragraph(" ".join(map(_plain, self._blocks(node, place, "paragraph", 0))).splitlines())
        facts = [int(node.kind == "TH"), *self._spans(node)]
        return text if facts == [0, 1, 1] else [text, *facts]

    def _spans(self, node: Node) -> tuple[int, int]:
        """How far a cell reaches, while there is room for it."""
        spanned = node.across * node.down
        if spanned == 1 or spanned > self._spanned:
            return 1, 1
        self._spanned -= spanned
        return node.across, node.down


def _plain(block: Block) -> str:
    if "rows" not in block:
        return str(block["text"])
    cells = (cell if isinstance(cell, str) else cell[0] for row in block["rows"] for cell in row)
    return " ".join(cells)


def _table_parts(node: Node) -> Iterator[Node]:
    """Rows and captions: children of the table, and of its head, body and foot."""
    for child in node.children:
        if isinstance(child, Node):
            if child.kind in {"THead", "TBody", "TFoot"}:
                yield from _table_parts(child)
            else:
                yield child


def _as_passages(parts: Iterator[str | Block], language: str) -> Iterator[str | Block]:
    for part in parts:
        if isinstance(part, str) and not isinstance(part, _Passage):
            passage = _Passage(part)
            passage.language = language
            yield passage
        else:
            yield part


def _passages(texts: list[str], whole: str) -> list[list[str]]:
    """Languages and words of the passages, in their order in the whole text."""
    named = [(text.language, paragraph(text.splitlines())) for text in texts if isinstance(text, _Passage)]
    return [[language, words] for language, words in named if words and words in whole][:MAX_PASSAGES]


def _gathered(parts: Iterator[str | Block], make: Callable[[str], Block]) -> Iterator[Block]:
    """Turn stretches of text into blocks, and let blocks that stand between them pass."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        yield from _made(texts, make)
        texts = []
        yield part
    yield from _made(texts, make)


def _made(texts: list[str], make: Callable[[str], Block]) -> Iterator[Block]:
    text = paragraph("".join(texts).splitlines())
    if text:
        block = make(text)
        passages = _passages(texts, block["text"])
        yield block | {"passages": passages} if passages else block


def _text_block(kind: str, text: str, place: _Place, level: int = 0) -> Block:
    if kind == "item":
        text = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    return _block({"kind": kind, **({"level": level} if level else {}), "text": text}, place)


def _block(block: Block, place: _Place) -> Block:
    return block | {"language": place.language} if place.language else block
