"""Lines of text with their places, in the order in which PDFium reads a page.

One call fetches all characters; boxes are asked for once a line, never once a character, so that
the time stays proportional to the text.
"""

import bisect
import ctypes
import math
import re
from collections.abc import Iterator

from bifolio.conversion.engine.geometry import PageFrame
from bifolio.conversion.engine.pdfium import Handle, raw
from bifolio.conversion.limits import MAX_CHARACTERS

HYPHEN_BREAK = "\ufffe"
"""What PDFium writes instead of a hyphen that ends a line."""
_LINE = re.compile(f"[^\r\n{HYPHEN_BREAK}]+{HYPHEN_BREAK}?")
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+")
_GAP = re.compile(r"[ \t\u00a0]+")

Line = tuple[str, float, float, float, float] | tuple[str, float, float, float, float, int]


def read_lines(text_page: Handle, frame: PageFrame) -> list[Line]:
    """Lines as the layers schema has them, text in logical order."""
    characters = min(raw.FPDFText_CountChars(text_page), MAX_CHARACTERS)
    if characters <= 0:
        return []
    buffer = (ctypes.c_ushort * (characters + 1))()
    written = raw.FPDFText_GetText(text_page, 0, characters, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "surrogatepass")
    is_plain = written - 1 == characters and len(text) == characters
    bounds = _Bounds(text_page)
    lines = (_place(bounds, frame, *line) for line in _split(text_page, text, is_plain=is_plain))
    return [line for line in lines if line is not None]


def _split(text_page: Handle, text: str, *, is_plain: bool) -> Iterator[tuple[str, int, int]]:
    """Each line's text, the index of its first character and the number of its characters."""
    wide = [] if is_plain else [at for at, character in enumerate(text) if character > "\uffff"]
    for match in _LINE.finditer(text):
        first, after = match.span()
        if not is_plain:
            first = _character_index(text_page, wide, first)
            after = _character_index(text_page, wide, after - 1) + 1
        if first >= 0 and after > first:
            yield match.group(), first, after - first


def _character_index(text_page: Handle, wide: list[int], position: int) -> int:
    """PDFium's index of a character: it counts UTF-16 units, and characters that it left out of the text.

    ``wide`` has the positions of the characters that take two units.
    """
    return int(
        raw.FPDFText_GetCharIndexFromTextIndex(text_page, position + bisect.bisect_left(wide, position))
    )


def clean(text: str) -> str:
    """The line without characters that JSON, XML or a reader cannot use, a hyphen at its end kept."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    if text.endswith(HYPHEN_BREAK):
        text = text[:-1] + "-"
    return _GAP.sub(" ", _UNWANTED.sub("", text.replace("\t", " "))).strip()


class _Bounds:
    """Finds rectangles of text on one page, and keeps the numbers that PDFium writes them into."""

    def __init__(self, text_page: Handle) -> None:
        self.text_page = text_page
        self._sides = [ctypes.c_double() for _ in range(4)]
        self._references = [ctypes.byref(side) for side in self._sides]

    def around(self, first: int, count: int) -> tuple[float, float, float, float] | None:
        """The rectangle around characters in the page's own coordinates: left, bottom, right, top."""
        rectangles = list(self._rectangles(raw.FPDFText_CountRects(self.text_page, first, count)))
        if not rectangles:
            return None
        lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
        union = min(lefts), min(bottoms), max(rights), max(tops)
        return union if all(map(math.isfinite, union)) else None

    def _rectangles(self, count: int) -> Iterator[tuple[float, float, float, float]]:
        left, top, right, bottom = self._sides
        for index in range(count):
            if raw.FPDFText_GetRect(self.text_page, index, *self._references):
                yield left.value, top.value, right.value, bottom.value


def _place(bounds: _Bounds, frame: PageFrame, text: str, first: int, count: int) -> Line | None:
    cleaned = clean(text)
    around = bounds.around(first, count) if cleaned else None
    box = frame.to_displayed(*around) if around is not None else None
    if box is None:
        return None
    angle = _angle(bounds.text_page, frame, first + len(text) - len(text.lstrip()))
    return (cleaned, *box, angle) if angle else (cleaned, *box)


def _angle(text_page: Handle, frame: PageFrame, index: int) -> int:
    """The clockwise reading angle on the displayed page, to the next quarter turn.

    PDFium counts clockwise too, against its own header.
    """
    radians = raw.FPDFText_GetCharAngle(text_page, index)
    turns = round(2 * radians / math.pi) if 0 <= radians < 7 else 0
    return (90 * turns + frame.rotation) % 360
