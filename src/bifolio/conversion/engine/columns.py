"""Finds columns of prose that a page draws row by row, so that PDFium reads straight across them.

Standard library only. Coordinates are the page's own; only text that runs to the right is looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Interval = tuple[float, float]

_FEWEST_ROWS = 5
_NARROWEST_GUTTER_PT = 6.0
_FEWEST_HEIGHTS = 12
"""A column is at least this many line heights wide, so that cells of a table stay in their rows."""
_FULL_ENOUGH = 0.85
_LEAST_LETTERS = 0.65
"""Figures and dots are more than a third of many a table's characters, and of no prose."""
_WIDEST_PITCH = 1.9
"""Lines of prose follow each other within this many line heights; rows of a table often stand apart."""


class Row(NamedTuple):
    """A line's extent, its height, the wide gaps between its pieces from left to right, and its share of
    letters, which is told only where there are gaps.
    """

    left: float
    right: float
    top: float
    height: float
    gaps: tuple[Interval, ...]
    letters: float = 0.0


class Split(NamedTuple):
    """Rows ``start`` to ``end`` (excluded) are two columns left and right of x = ``at``."""

    start: int
    end: int
    at: float


def find_columns(rows: Sequence[Row | None]) -> list[Split]:
    """Stretches of rows, in drawing order, with a gutter through all of them. None is no row."""
    return [split for run in _runs(rows) if (split := _judge(rows, *run)) is not None]


def _runs(rows: Sequence[Row | None]) -> Iterator[tuple[int, int, Interval]]:
    """Stretches that no line crosses the gutter of: first row, row after the last, gutter."""
    start = 0
    gutter: Interval | None = None
    for index, row in enumerate(rows):
        narrowed = _through(row, gutter)
        if gutter is not None and narrowed is None:
            yield start, index, gutter
        if narrowed is None:
            narrowed = _through(row, None)
        if gutter is None or narrowed is None or not _is_within(narrowed, gutter):
            start = index
        gutter = narrowed
    if gutter is not None:
        yield start, len(rows), gutter


def _is_within(inner: Interval, outer: Interval) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _through(row: Row | None, gutter: Interval | None) -> Interval | None:
    """What the row leaves of the gutter; without one yet, the row's own first gap."""
    if row is None:
        return None
    if gutter is None:
        return row.gaps[0] if row.gaps else None
    left, right = gutter
    if row.right <= left or row.left >= right:
        return gutter
    for gap_left, gap_right in row.gaps:
        narrowed = max(left, gap_left), min(right, gap_right)
        if narrowed[1] - narrowed[0] >= _NARROWEST_GUTTER_PT:
            return narrowed
    return None


def _judge(rows: Sequence[Row | None], start: int, end: int, gutter: Interval) -> Split | None:
    """The split, if both sides look like prose: wide and mostly full lines."""
    at = (gutter[0] + gutter[1]) / 2
    crossing = [row for row in rows[start:end] if row is not None and row.left < at < row.right]
    if len(crossing) < _FEWEST_ROWS:
        return None
    gaps = [next(gap for gap in row.gaps if gap[0] < at < gap[1]) for row in crossing]
    left, right = min(row.left for row in crossing), max(row.right for row in crossing)
    widths = gutter[0] - left, right - gutter[1]
    filled = (
        _median(gap[0] - row.left for row, gap in zip(crossing, gaps, strict=True)),
        _median(row.right - gap[1] for row, gap in zip(crossing, gaps, strict=True)),
    )
    height = _median(row.height for row in crossing)
    pitch = _median(abs(one.top - next_one.top) for one, next_one in pairwise(crossing))
    narrowest = _FEWEST_HEIGHTS * height
    is_text = _median(row.letters for row in crossing) >= _LEAST_LETTERS
    is_prose = (
        is_text
        and pitch <= _WIDEST_PITCH * height
        and all(w >= narrowest and f >= _FULL_ENOUGH * w for w, f in zip(widths, filled, strict=True))
    )
    return Split(start, end, at) if is_prose else None


def _median(numbers: Iterable[float]) -> float:
    """The upper median. The module of that name would cost an engine 10 ms of its start."""
    ordered = sorted(numbers)
    return ordered[len(ordered) // 2]
