"""The text of a page by the marks that its structure refers to."""

import ctypes
from collections.abc import Iterator

from bifolio.conversion.engine.pdfium import raw
from bifolio.conversion.engine.placing import Piece
from bifolio.conversion.engine.text import PageText, usable

NO_MARK = -1


class MarkedText:
    """Text that can be taken once: a structure that refers to a mark twice does not repeat it."""

    def __init__(self, texts: dict[int, str]) -> None:
        self._texts = texts
        self.total = sum(map(len, texts.values()))
        self.taken = 0

    def take(self, mark: int) -> str:
        """The text under a mark, each of its lines ended by a line feed."""
        text = self._texts.pop(mark, "")
        if mark != NO_MARK:
            self.taken += len(text)
        return text


def read_marked_text(page_text: PageText) -> MarkedText:
    """All text of the page, that without a mark included in the total."""
    parts: dict[int, list[str]] = {}
    marks = _Marks(page_text)
    for piece in page_text.pieces():
        for mark, text in marks.runs(piece):
            parts.setdefault(mark, []).append(usable(text))
        parts[mark].append("\n")
    return MarkedText({mark: "".join(texts) for mark, texts in parts.items()})


class _Marks:
    """Finds the mark of characters, asking PDFium about few of them: text under one mark is contiguous."""

    def __init__(self, page_text: PageText) -> None:
        self._page_text = page_text
        self._of_object: dict[int | None, int] = {None: NO_MARK}

    def runs(self, piece: Piece) -> Iterator[tuple[int, str]]:
        """Stretches of one mark each; at least one."""
        marks = self._bounds(piece, 0, len(piece.text) - 1)
        start, current = 0, marks[0][1]
        for offset, mark in marks[1:]:
            if mark != current:
                yield current, piece.text[start:offset]
                start, current = offset, mark
        yield current, piece.text[start:]

    def _bounds(self, piece: Piece, first: int, last: int) -> list[tuple[int, int]]:
        """Offsets where a mark begins, with that mark, from ``first`` to ``last`` included."""
        found = [(first, self._mark(piece, first))]
        pending = [(first, last)]
        while pending:
            low, high = pending.pop()
            if self._mark(piece, low) == self._mark(piece, high):
                continue
            if high - low == 1:
                found.append((high, self._mark(piece, high)))
                continue
            middle = (low + high) // 2
            pending += [(low, middle), (middle, high)]
        return sorted(found)

    def _mark(self, piece: Piece, offset: int) -> int:
        """The mark of a character, a blank counting to the word before it."""
        while offset > 0 and piece.text[offset].isspace():
            offset -= 1
        index = self._page_text.index_of(piece.start + offset)
        text_object = raw.FPDFText_GetTextObject(self._page_text.handle, index) if index >= 0 else None
        address = ctypes.cast(text_object, ctypes.c_void_p).value if text_object else None
        if address not in self._of_object:
            self._of_object[address] = int(raw.FPDFPageObj_GetMarkedContentID(text_object))
        return self._of_object[address]
