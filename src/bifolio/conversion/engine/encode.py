"""The encoding follows the page: 16 grays for gray text, a palette for few colours, else JPEG.

Imports Pillow, whose JPEG encoder is as fast as any; a second one would cost more at start than it saves.
"""

import io
from typing import NamedTuple, cast

from PIL import Image, ImageChops

from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.png import Colour, encode_gray, encode_palette
from bifolio.conversion.limits import MEDIUM_WIDTH_PX, SMALL_WIDTH_PX

JPEG_QUALITY = 80
GRAY_TOLERANCE = 8
"""Channels may differ by this much in a page that counts as gray: scanners and JPEG do that."""
FLAT_SHARE = 0.03
"""Drawings and text change their tone abruptly; a page with more soft steps than this is a photograph."""
MAX_PALETTE = 64
_SOFT_STEPS = [int(1 <= step <= 12) for step in range(256)]
_SAMPLED_COLOURS = 1024
_ROWS_A_SAMPLE = 8


class _JpegFile(io.BytesIO):
    """Named, so that Pillow loads what writes this format only: asked by format it loads five."""

    name = "page.jpg"


Images = tuple[Encoded, Encoded, Encoded]


def is_gray(small: Image.Image) -> bool:
    """Whether an RGB image has no colour that an eye would miss."""
    red, green, blue = small.split()
    differences = (ImageChops.difference(green, other).getextrema() for other in (red, blue))
    return all(cast("tuple[int, int]", extrema)[1] <= GRAY_TOLERANCE for extrema in differences)


def _some_rows(large: Image.Image) -> Image.Image:
    """Every eighth row: enough to judge a page by, since the smallest print is three times as high."""
    return large.resize((large.width, max(1, large.height // _ROWS_A_SAMPLE)), Image.Resampling.NEAREST)


def is_flat(rows: Image.Image) -> bool:
    """Whether neighbouring pixels are either equal or clearly different, in both directions."""
    width, height = rows.width, rows.height // 2
    if width < 2 or height < 2:
        return True
    gray = rows.resize((width, height), Image.Resampling.NEAREST).convert("L")
    pairs = (
        ((0, 0, width - 1, height), (1, 0, width, height)),
        ((0, 0, width, height - 1), (0, 1, width, height)),
    )
    steps = (ImageChops.difference(gray.crop(one), gray.crop(other)) for one, other in pairs)
    # Counting bytes is six times as fast as a histogram of pixels that are nearly all alike.
    soft = (step.point(_SOFT_STEPS).tobytes().count(1) for step in steps)
    return all(count <= FLAT_SHARE * width * height for count in soft)


class Sizes(NamedTuple):
    """A page drawn at the three sizes, all of mode L or all of mode RGB."""

    small: Image.Image
    medium: Image.Image
    large: Image.Image

    def to_gray(self) -> "Sizes":
        """The same in mode L."""
        return Sizes(*(image.convert("L") for image in self))


def shrink(large: Image.Image, small: Image.Image | None = None) -> Sizes:
    """The smaller sizes from the largest; the caller may have a ``small`` already. Nothing is enlarged."""
    medium = _to_width(large, MEDIUM_WIDTH_PX)
    return Sizes(small if small is not None else _to_width(medium, SMALL_WIDTH_PX), medium, large)


def encode_all(sizes: Sizes) -> Images:
    """The files of a page; small, medium, large."""
    rows = _some_rows(sizes.large)
    if rows.mode == "L":
        if is_flat(rows):
            return encode_gray(sizes.small), encode_gray(sizes.medium), encode_gray(sizes.large)
    elif (colours := _few_colours(rows)) and is_flat(rows):
        return encode_jpeg(sizes.small), _encode_medium(sizes.medium), encode_palette(sizes.large, colours)
    return encode_jpeg(sizes.small), encode_jpeg(sizes.medium), encode_jpeg(sizes.large)


def encode_jpeg(image: Image.Image) -> Encoded:
    """An image as JPEG with chroma at half resolution."""
    target = _JpegFile()
    image.save(target, quality=JPEG_QUALITY)
    return Encoded(target.getvalue(), "jpg", *image.size)


def _encode_medium(medium: Image.Image) -> Encoded:
    """The medium size of a page of few colours, of which shrinking may have made many."""
    colours = _few_colours(_some_rows(medium))
    return encode_palette(medium, colours) if colours else encode_jpeg(medium)


def _few_colours(rows: Image.Image) -> list[Colour]:
    """The page's most frequent colours, one for each of 16 x 16 x 16 cells that occur; empty if many."""
    counted = rows.getcolors(_SAMPLED_COLOURS)
    if not counted:
        return []
    cells: dict[int, Colour] = {}
    for _, colour in sorted(counted, key=lambda item: item[0], reverse=True):
        assert isinstance(colour, tuple)
        red, green, blue = colour
        cells.setdefault((red >> 4) << 8 | (green >> 4) << 4 | blue >> 4, (red, green, blue))
    return list(cells.values()) if len(cells) <= MAX_PALETTE else []


def _to_width(image: Image.Image, width_px: int) -> Image.Image:
    """The image made narrower to ``width_px``; whole-number steps are averaged exactly, and fast."""
    if image.width <= width_px:
        return image
    if image.width == 2 * width_px:
        return image.reduce(2)
    height_px = max(1, round(image.height * width_px / image.width))
    return image.resize((width_px, height_px), Image.Resampling.BILINEAR, reducing_gap=1.5)
