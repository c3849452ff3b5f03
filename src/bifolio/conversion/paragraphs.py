"""Guesses paragraphs from the lines of a page whose document does not tell its structure.

Standard library and the types of the layers only.
"""

from collections.abc import Iterator, Sequence

from bifolio.conversion.page_layers import TextLine
from bifolio.conversion.text import paragraph, text_direction

_WIDEST_GAP = 0.8
"""Parts of a line's height between two lines of one paragraph."""
_INDENT = 0.9
_OTHER_SIZE = 1.7
"""Boxes enclose glyphs, not the font's height: only a big difference means another font size."""
_SHORT = 0.85
_ENDS = frozenset('.!?:;\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964"\u201d\u00bb)')


class _Sides:
    """A line's sides as a reader holds the page; ``start`` is where reading begins, in either direction."""

    __slots__ = ("bottom", "end", "height", "start", "text", "top")

    def __init__(self, line: TextLine, direction: str) -> None:
        x, y, right, bottom = _upright(line)
        self.text = line.text
        self.start, self.end = (x, right) if direction == "ltr" else (-right, -x)
        self.top, self.bottom = y, bottom
        self.height = max(0.1, bottom - y)


def _upright(line: TextLine) -> tuple[float, float, float, float]:
    x, y, right, bottom = line.x, line.y, line.x + line.width, line.y + line.height
    if line.angle == 90:
        return y, -right, bottom, -x
    if line.angle == 180:
        return -right, -bottom, -x, -y
    if line.angle == 270:
        return -bottom, x, -y, right
    return x, y, right, bottom


def guess_paragraphs(lines: Sequence[TextLine]) -> list[str]:
    """The lines as paragraphs, words divided at line ends whole again."""
    direction = text_direction(" ".join(line.text for line in lines))
    return [text for group in _groups(lines, direction) if (text := paragraph(group))]


def _groups(lines: Sequence[TextLine], direction: str) -> Iterator[list[str]]:
    group: list[_Sides] = []
    angle = 0
    for line in lines:
        sides = _Sides(line, direction)
        if group and (line.angle != angle or not _goes_on(group, sides)):
            yield [earlier.text for earlier in group]
            group = []
        angle = line.angle
        group.append(sides)
    if group:
        yield [earlier.text for earlier in group]


def _goes_on(group: list[_Sides], line: _Sides) -> bool:
    """Whether the line belongs to the paragraph of the lines before it."""
    last = group[-1]
    small, large = sorted((last.height, line.height))
    if large > _OTHER_SIZE * small:
        return False
    if line.top < last.top or line.start > last.end or line.end < last.start:
        return _is_unfinished(last.text, line.text)
    if line.top - last.bottom > _WIDEST_GAP * small:
        return False
    if _is_finished(last, line):
        return False
    return len(group) == 1 or abs(line.start - last.start) <= _INDENT * large


def _is_unfinished(text: str, following: str) -> bool:
    """Whether a sentence goes on at the top of the next column."""
    return text.endswith(("-", "\u00ad", ",")) or (text[-1:] not in _ENDS and following[:1].islower())


def _is_finished(last: _Sides, line: _Sides) -> bool:
    """Whether a line ends a paragraph: a sentence ends, well before the end of the next line."""
    width = line.end - min(line.start, last.start)
    return last.text[-1:] in _ENDS and last.end - min(line.start, last.start) < _SHORT * width
