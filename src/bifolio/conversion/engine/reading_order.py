"""Brings the lines of a page into the order in which people read them. Standard library only.

The order in which a page draws its text is mostly its maker's reading order, and better than any
guess from geometry. So it is kept, and mended only where the page itself contradicts it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bifolio.conversion.engine.line import Line, angle_of

MAX_BLOCKS = 120
"""With more blocks than this the drawing order stands: comparing all pairs would take too long."""
_MOST_MOVES = 60
_WATERMARK_HEIGHTS = 2.5
_MOST_WATERMARKS = 20
_LETTER_GAP, _WORD_GAP = 0.15, 0.8
"""Parts of a line's height: a wider gap is a space; beyond the second, another cell or column begins."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


@dataclass(slots=True)
class _Block:
    """Lines that flow down one column; the sides are in the direction of reading."""

    lines: list[Line]
    left: float
    top: float
    right: float
    bottom: float
    bottom_line_height: float

    def takes(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a line with these sides goes on right below this block."""
        height = min(self.bottom_line_height, bottom - top)
        below = top - self.bottom
        return -0.5 * height <= below <= 1.5 * height and min(right, self.right) > max(left, self.left)

    def add(self, line: Line, left: float, right: float, bottom: float, height: float) -> None:
        self.lines.append(line)
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.bottom, self.bottom_line_height = max(self.bottom, bottom), height

    def is_before(self, other: "_Block") -> bool:
        """Whether this block stands above the other in the same column."""
        tolerance = 0.3 * min(self.bottom_line_height, other.bottom_line_height)
        if self.bottom > other.top + tolerance or self.top >= other.top:
            return False
        shared = min(self.right, other.right) - max(self.left, other.left)
        return shared > 0.3 * min(self.right - self.left, other.right - other.left)


def join_rows(lines: list[Line]) -> list[Line]:
    """The same text, a raised or lowered piece joined with the line that it interrupts."""
    joined: list[Line] = []
    for line in lines:
        together = _together(joined[-1], line) if joined else None
        if together is None:
            joined.append(line)
        else:
            joined[-1] = together
    return joined


def _together(line: Line, following: Line) -> Line | None:
    """Both as one line, where the second goes on right behind the first."""
    if len(line) != 5 or len(following) != 5:
        return None
    text, x, y, width, height = line
    more, next_x, next_y, next_width, next_height = following
    shared = min(y + height, next_y + next_height) - max(y, next_y)
    gap = next_x - (x + width)
    size = max(height, next_height)
    if not (shared > 0.5 * min(height, next_height) and -0.3 * size <= gap <= _WORD_GAP * size):
        return None
    if _RIGHT_TO_LEFT.search(text) or _RIGHT_TO_LEFT.search(more):
        return None
    top, bottom = min(y, next_y), max(y + height, next_y + next_height)
    space = " " if gap > _LETTER_GAP * size else ""
    width = round(max(x + width, next_x + next_width) - x, 1)
    return f"{text}{space}{more}", x, top, width, round(bottom - top, 1)


def in_reading_order(lines: list[Line]) -> list[Line]:
    """The same lines. Those that read in another direction than most, and watermarks, come last."""
    if len(lines) < 2:
        return lines
    main, others = _by_angle(lines)
    body, watermarks = _without_watermarks(main)
    return [*_mended(body), *watermarks, *others]


def _by_angle(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    if all(len(line) == len(lines[0]) and line[5:] == lines[0][5:] for line in lines):
        return lines, []
    weights: dict[int, int] = {}
    for line in lines:
        weights[angle_of(line)] = weights.get(angle_of(line), 0) + len(line[0])
    angles = sorted(weights, key=lambda angle: -weights[angle])
    main, *others = ([line for line in lines if angle_of(line) == angle] for angle in angles)
    return main, [line for group in others for line in group]


def _without_watermarks(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Set lines aside that are much higher than usual and lie over at least two others."""
    sides = [_sides(line) for line in lines]
    heights = sorted(bottom - top for _, top, _, bottom in sides)
    usual = heights[len(heights) // 2]
    high = [
        index for index, (_, top, _, bottom) in enumerate(sides) if bottom - top > _WATERMARK_HEIGHTS * usual
    ]
    if len(high) > _MOST_WATERMARKS:
        return lines, []
    tall = {index for index in high if _count_middles_in(sides[index], sides) > 2}
    if not tall:
        return lines, []
    body = [line for index, line in enumerate(lines) if index not in tall]
    return body, [lines[index] for index in sorted(tall)]


Sides = tuple[float, float, float, float]


def _count_middles_in(area: Sides, sides: Sequence[Sides]) -> int:
    left, top, right, bottom = area
    return sum(
        top <= (other[1] + other[3]) / 2 <= bottom and min(right, other[2]) > max(left, other[0])
        for other in sides
    )


def _sides(line: Line) -> Sides:
    """Left, top, right, bottom as seen by somebody who holds the page so that the line is upright."""
    x, y, width, height = line[1:5]
    angle = angle_of(line)
    if angle == 90:
        return y, -(x + width), y + height, -x
    if angle == 180:
        return -(x + width), -(y + height), -x, -y
    if angle == 270:
        return -(y + height), x, -y, x + width
    return x, y, x + width, y + height


def _mended(lines: list[Line]) -> Iterator[Line]:
    blocks = _blocks(lines)
    order = list(range(len(blocks)))
    if len(blocks) <= MAX_BLOCKS and _is_contradicted(blocks):
        _mend(order, blocks)
    for index in order:
        yield from blocks[index].lines


def _blocks(lines: list[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    for line in lines:
        left, top, right, bottom = _sides(line)
        if blocks and blocks[-1].takes(left, top, right, bottom):
            blocks[-1].add(line, left, right, bottom, bottom - top)
        else:
            blocks.append(_Block([line], left, top, right, bottom, bottom - top))
    return blocks


def _is_contradicted(blocks: list[_Block]) -> bool:
    """Whether a block is drawn after one that stands below it in the same column."""
    lowest = blocks[0].bottom if blocks else 0.0
    for index, block in enumerate(blocks):
        if block.top < lowest and any(block.is_before(earlier) for earlier in blocks[:index]):
            return True
        lowest = max(lowest, block.bottom)
    return False


def _relations(blocks: list[_Block]) -> list[set[int]]:
    """For each block, the ones that stand above it in its column."""
    return [
        {index for index, other in enumerate(blocks) if other.top < block.top and other.is_before(block)}
        for block in blocks
    ]


def _mend(order: list[int], blocks: list[_Block]) -> None:
    """Move the blocks that contradict most others: a footer drawn first down, a late heading up.

    All else stays as it was drawn, so that one stray block never tears rows or columns apart.
    """
    above = _relations(blocks)
    for _ in range(_MOST_MOVES):
        too_early, too_late = _contradictions(order, above)
        if not too_early:
            return
        early = max(too_early, key=lambda index: len(too_early[index]))
        late = max(too_late, key=lambda index: len(too_late[index]))
        if len(too_early[early]) > len(too_late[late]):
            order.remove(early)
            order.insert(1 + max(map(order.index, too_early[early])), early)
        else:
            order.remove(late)
            order.insert(_start_of_row(min(map(order.index, too_late[late])), order, blocks), late)


def _start_of_row(place: int, order: list[int], blocks: list[_Block]) -> int:
    """The place of the first of the single lines that stand beside the block at this place."""
    row = blocks[order[place]]
    while place > 0:
        other = blocks[order[place - 1]]
        if len(other.lines) > 1 or other.bottom <= row.top or other.top >= row.top + row.bottom_line_height:
            break
        place -= 1
    return place


def _contradictions(
    order: list[int], above: list[set[int]]
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Blocks that come before others above them, and blocks that come after others below them."""
    too_early: dict[int, set[int]] = {}
    too_late: dict[int, set[int]] = {}
    done: set[int] = set()
    for index in order:
        missing = above[index] - done
        if missing:
            too_early[index] = missing
        for late in missing:
            too_late.setdefault(late, set()).add(index)
        done.add(index)
    return too_early, too_late
