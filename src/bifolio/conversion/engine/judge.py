"""Judges by its pixels how a page is best drawn and encoded. Imports Pillow, never PDFium.

Three questions: where is colour, are there soft tones as in a photograph, and which colours would a
palette hold.
"""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple, cast

from PIL import Image, ImageChops

GRAY_TOLERANCE = 8
"""Channels may differ by this much in a page that counts as gray: scanners and JPEG do that."""
FLAT_SHARE = 0.03
"""Drawings and text change their tone abruptly; a page with more soft steps than this is a photograph."""
MAX_AREAS = 24
MAX_COLOURED_SHARE = 0.4
"""Beyond this share of the page, drawing it in gray first saves nothing."""
COVERED_SHARE = 0.998
"""A palette may leave out colours that only this share's rest of the pixels have."""

Colour = tuple[int, int, int]
_EDGE_TOLERANCE = 3
_COLOURED = [255 if step > _EDGE_TOLERANCE else 0 for step in range(256)]
_SOFT_STEPS = [int(1 <= step <= 12) for step in range(256)]
_ROW_GAP, _COLUMN_GAP = 4, 10
_COUNTED_COLOURS = 8192


class Area(NamedTuple):
    """A rectangle of pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def pixels(self) -> int:
        """Width times height."""
        return (self.right - self.left) * (self.bottom - self.top)


def colourfulness(image: Image.Image) -> Image.Image:
    """How far the channels of an RGB image lie apart, in mode L."""
    red, green, blue = image.split()
    return ImageChops.lighter(ImageChops.difference(green, red), ImageChops.difference(green, blue))


def is_gray(colourful: Image.Image) -> bool:
    """Whether there is no colour that an eye would miss, given the ``colourfulness``."""
    return cast("tuple[int, int]", colourful.getextrema())[1] <= GRAY_TOLERANCE


def coloured_areas(colourful: Image.Image) -> list[Area]:
    """The rectangles that hold all colour, given the ``colourfulness``; none if that is much of the page."""
    mask = colourful.point(_COLOURED)
    areas = [
        # One more pixel around holds the edges of a glyph that are too pale for the mask.
        Area(max(0, left - 1), max(0, top - 1), min(mask.width, right + 1), min(mask.height, bottom + 1))
        for top, bottom in _runs(mask.getprojection()[1], _ROW_GAP)
        for left, right in _runs(mask.crop((0, top, mask.width, bottom)).getprojection()[0], _COLUMN_GAP)
    ]
    share = sum(area.pixels for area in areas) / (mask.width * mask.height)
    return areas if len(areas) <= MAX_AREAS and share <= MAX_COLOURED_SHARE else []


def _runs(flags: list[int], gap: int) -> Iterator[tuple[int, int]]:
    """Where flags are set, first and after last; runs less than ``gap`` apart count as one."""
    start = end = -1
    for at, is_set in enumerate(flags):
        if not is_set:
            continue
        if start >= 0 and at - end >= gap:
            yield start, end
            start = at
        elif start < 0:
            start = at
        end = at + 1
    if start >= 0:
        yield start, end


def some_rows(image: Image.Image, step: int = 8) -> Image.Image:
    """One row in ``step``; eight are enough, since the smallest print is three times as high."""
    return some_pixels(image, step, 1)


def some_pixels(image: Image.Image, row_step: int, column_step: int) -> Image.Image:
    """One row in ``row_step``, and of that one pixel in ``column_step``."""
    size = max(1, image.width // column_step), max(1, image.height // row_step)
    return image.resize(size, Image.Resampling.NEAREST)


def is_flat(rows: Image.Image) -> bool:
    """Whether neighbouring pixels are either equal or clearly different, in both directions."""
    width, height = rows.width, rows.height // 2
    if width < 2 or height < 2:
        return True
    halved = rows.resize((width, height), Image.Resampling.NEAREST)
    gray = halved if halved.mode == "L" else halved.convert("L")
    shifted = gray.crop((1, 0, width, height)), gray.crop((0, 1, width, height))
    # The difference is as large as what both have in common.
    steps = (ImageChops.difference(gray, other) for other in shifted)
    # Counting bytes is six times as fast as a histogram of pixels that are nearly all alike.
    soft = (step.point(_SOFT_STEPS).tobytes().count(1) for step in steps)
    return all(count <= FLAT_SHARE * width * height for count in soft)


def few_colours(images: Iterable[Image.Image], at_most: int) -> list[Colour]:
    """The most frequent colours, one for each of 16 x 16 x 16 cells that matter; empty if those are many."""
    counts: dict[Colour, int] = {}
    for image in images:
        counted = cast("list[tuple[int, Colour]] | None", image.getcolors(_COUNTED_COLOURS))
        if not counted:
            return []
        for count, colour in counted:
            counts[colour] = counts.get(colour, 0) + count
    return _strongest(counts, at_most)


def _strongest(counts: dict[Colour, int], at_most: int) -> list[Colour]:
    cells: dict[int, Colour] = {}
    covered: dict[int, int] = {}
    for colour, count in sorted(counts.items(), key=itemgetter(1), reverse=True):
        red, green, blue = colour
        cell = (red & 0xF0) << 4 | green & 0xF0 | blue >> 4
        if cell in covered:
            covered[cell] += count
        else:
            cells[cell], covered[cell] = colour, count
    kept = sorted(covered, key=covered.__getitem__, reverse=True)[:at_most]
    is_enough = sum(covered[cell] for cell in kept) >= COVERED_SHARE * sum(covered.values())
    return [cells[cell] for cell in kept] if is_enough else []
