"""Reads the structure tree of one page from PDFium into plain nodes, within limits."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field

from bifolio.conversion.engine.pdfium import Handle, raw, read_utf16
from bifolio.conversion.engine.properties import language_tag
from bifolio.conversion.limits import (
    MAX_ALTERNATIVE_CHARACTERS,
    MAX_CHARACTERS,
    MAX_SPAN,
    MAX_STRUCTURE_DEPTH,
    MAX_STRUCTURE_ELEMENTS,
)

_MOST_CHARACTERS = 20 * MAX_CHARACTERS
"""Read of one page: what stands in the file once can be referred to by every element."""


@dataclass(slots=True)
class Node:
    """One element: its standard type, what its author says of it, and its content.

    ``children`` are elements and the numbers of marked content on this page, in reading order.
    ``across`` and ``down`` are the columns and rows of a table cell.
    """

    kind: str
    language: str = ""
    alternative: str = ""
    replacement: str = ""
    across: int = 1
    down: int = 1
    children: list["Node | int"] = field(default_factory=list)


def read_tree(page: Handle) -> list[Node]:
    """The elements at the root that have something on this page."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    try:
        reader = _Reader()
        count = min(raw.FPDF_StructTree_CountChildren(tree), MAX_STRUCTURE_ELEMENTS)
        roots = (reader.read(raw.FPDF_StructTree_GetChildAtIndex(tree, index), 0) for index in range(count))
        return [root for root in roots if root is not None]
    finally:
        raw.FPDF_StructTree_Close(tree)


class _Reader:
    def __init__(self) -> None:
        self._left = MAX_STRUCTURE_ELEMENTS
        self._characters = _MOST_CHARACTERS

    def read(self, element: Handle, depth: int) -> Node | None:
        """An element and all below it; None where a limit is reached or there is none."""
        if not element or depth > MAX_STRUCTURE_DEPTH or self._left <= 0:
            return None
        self._left -= 1
        node = Node(
            read_utf16(lambda b, n: raw.FPDF_StructElement_GetType(element, b, n)),
            language_tag(read_utf16(lambda b, n: raw.FPDF_StructElement_GetLang(element, b, n))),
            self._words(raw.FPDF_StructElement_GetAltText, element),
            self._words(raw.FPDF_StructElement_GetActualText, element),
        )
        if node.kind in {"TD", "TH"}:
            node.across, node.down = _spans(element)
        self._read_children(node, element, depth)
        return node

    def _words(self, getter: Callable[[Handle, Handle, int], int], element: Handle) -> str:
        """An author's words, cut where they are long; none once a page has given too many."""
        if self._characters <= 0:
            return ""
        words = read_utf16(lambda buffer, size: getter(element, buffer, size))
        self._characters -= len(words)
        return words[:MAX_ALTERNATIVE_CHARACTERS]

    def _read_children(self, node: Node, element: Handle, depth: int) -> None:
        for index in range(min(raw.FPDF_StructElement_CountChildren(element), MAX_STRUCTURE_ELEMENTS)):
            mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mark >= 0:
                node.children.append(mark)
                continue
            child = self.read(raw.FPDF_StructElement_GetChildAtIndex(element, index), depth + 1)
            if child is not None:
                node.children.append(child)


def _spans(element: Handle) -> tuple[int, int]:
    """Columns and rows that a cell reaches over."""
    across = down = 1
    for index in range(min(raw.FPDF_StructElement_GetAttributeCount(element), 10)):
        attributes = raw.FPDF_StructElement_GetAttributeAtIndex(element, index)
        if attributes:
            across = max(across, _whole_number(attributes, b"ColSpan"))
            down = max(down, _whole_number(attributes, b"RowSpan"))
    return across, down


def _whole_number(attributes: Handle, name: bytes) -> int:
    value = raw.FPDF_StructElement_Attr_GetValue(attributes, name)
    number = ctypes.c_float()
    if not value or not raw.FPDF_StructElement_Attr_GetNumberValue(value, ctypes.byref(number)):
        return 1
    return int(number.value) if 1 <= number.value <= MAX_SPAN else 1
