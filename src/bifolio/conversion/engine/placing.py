"""Asks PDFium where lines of text stand on a page."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bifolio.conversion.engine.columns import Interval, Row, Split
from bifolio.conversion.engine.geometry import Box, PageFrame
from bifolio.conversion.engine.line import Line, make_line
from bifolio.conversion.engine.pdfium import Handle, raw

_DIAGONAL_DEGREES = 10
_UPRIGHT_RATIO = 1.7
"""A line of two or more characters that is this much higher than wide is written downwards."""
_FIRST_WRITTEN_DOWNWARDS = "\u2e80"
"""Chinese and Japanese begin here, and what follows is written downwards at times too."""


class Piece(NamedTuple):
    """Text that stands on one line: where it starts in the page's text, and as ``characters`` from PDFium's
    index ``first``.
    """

    text: str
    start: int
    first: int
    characters: int


class Placed(NamedTuple):
    """A piece and its place; ``row`` is None where the piece does not run to the right."""

    piece: Piece
    box: Box
    angle: int
    row: Row | None

    def line(self, text: str) -> Line | None:
        """The line with its cleaned text."""
        return make_line(text, self.box, self.angle) if text else None


class Placing:
    """Places pieces of one page, and keeps the numbers that PDFium writes into."""

    def __init__(self, text_page: Handle, frame: PageFrame) -> None:
        self._text_page = text_page
        self._frame = frame
        self._sides = [ctypes.c_double() for _ in range(4)]
        self._references = [ctypes.byref(side) for side in self._sides]

    def place(self, piece: Piece) -> Placed | None:
        """Where the piece stands, None where nothing of it can be seen."""
        rectangles = self._rectangles(piece)
        if not rectangles:
            return None
        lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
        left, bottom, right, top = min(lefts), min(bottoms), max(rights), max(tops)
        if not all(map(math.isfinite, (left, bottom, right, top))):
            return None
        box = self._frame.to_displayed(left, bottom, right, top)
        if box is None:
            return None
        degrees = self._degrees(piece)
        turned = 90 * round(degrees / 90)
        if abs(degrees - turned) > _DIAGONAL_DEGREES:
            return Placed(piece, _strip(box, len(piece.text)), 0, None)
        if turned % 360 == 0 and _is_upright(piece.text, right - left, top - bottom):
            turned = 90
        row = None
        if turned % 360 == 0:
            gaps = _gaps(rectangles, top - bottom)
            letters = _share_of_letters(piece.text) if gaps else 0.0
            row = Row(left, right, top, top - bottom, gaps, letters)
        return Placed(piece, box, (turned + self._frame.rotation) % 360, row)

    def _rectangles(self, piece: Piece) -> list[tuple[float, float, float, float]]:
        """Left, top, right and bottom of the runs of a piece."""
        left, top, right, bottom = self._sides
        return [
            (left.value, top.value, right.value, bottom.value)
            for index in range(raw.FPDFText_CountRects(self._text_page, piece.first, piece.characters))
            if raw.FPDFText_GetRect(self._text_page, index, *self._references)
        ]

    def _degrees(self, piece: Piece) -> float:
        """The clockwise reading angle in the page's own coordinates.

        PDFium counts clockwise too, against its own header.
        """
        blanks = len(piece.text) - len(piece.text.lstrip())
        radians = raw.FPDFText_GetCharAngle(self._text_page, piece.first + blanks)
        return math.degrees(radians) if 0 <= radians < 7 else 0.0

    def split(self, placed: Sequence[Placed | None], splits: Sequence[Split]) -> list[Placed | None]:
        """The same text, each stretch of rows as its left column and then its right one."""
        result: list[Placed | None] = []
        done = 0
        for start, end, at in splits:
            result += placed[done:start]
            parts = [self._parted(place, at) for place in placed[start:end] if place is not None]
            result += [left for left, _ in parts if left is not None]
            result += [right for _, right in parts if right is not None]
            done = end
        return [*result, *placed[done:]]

    def _parted(self, place: Placed, at: float) -> tuple[Placed | None, Placed | None]:
        row = place.row
        if row is None or row.right <= at:
            return place, None
        if row.left >= at:
            return None, place
        text, start, first, characters = place.piece
        cut = self._cut(place.piece, at) if len(text) == characters else None
        if cut is None:
            return place, None
        left = Piece(text[:cut], start, first, cut)
        right = Piece(text[cut:], start + cut, first + cut, characters - cut)
        return self.place(left), self.place(right)

    def _cut(self, piece: Piece, at: float) -> int | None:
        """The offset of the first word right of ``at``."""
        for offset in range(1, piece.characters):
            if piece.text[offset - 1].isspace() and not piece.text[offset].isspace():
                is_known = raw.FPDFText_GetCharBox(self._text_page, piece.first + offset, *self._references)
                if is_known and self._sides[0].value >= at:
                    return offset
        return None


def _share_of_letters(text: str) -> float:
    return sum(map(str.isalpha, text)) / max(1, len(text) - text.count(" "))


def _gaps(rectangles: Sequence[tuple[float, float, float, float]], height: float) -> tuple[Interval, ...]:
    """Empty stretches between runs that are wider than the line is high, from left to right."""
    if len(rectangles) < 2:
        return ()
    return tuple(_wide_gaps(sorted((left, right) for left, _, right, _ in rectangles), height))


def _wide_gaps(runs: list[Interval], height: float) -> Iterator[Interval]:
    reached = runs[0][1]
    for left, right in runs[1:]:
        if left - reached >= height:
            yield reached, left
        reached = max(reached, right)


def _is_upright(text: str, width: float, height: float) -> bool:
    if height <= _UPRIGHT_RATIO * width:
        return False
    downwards = sum(character >= _FIRST_WRITTEN_DOWNWARDS for character in text)
    return downwards > 1 or len(text.strip()) > 3


def _strip(box: Box, characters: int) -> Box:
    """A thin strip through the middle of diagonal text, which must not cover what lies beneath it."""
    x, y, width, height = box
    thickness = min(height, 2 * math.hypot(width, height) / max(1, characters))
    return x, round(y + (height - thickness) / 2, 1), width, round(thickness, 1)
