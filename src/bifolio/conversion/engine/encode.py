"""The encoding follows the page: 16 grays for gray text, a palette for few colours, else JPEG.

Imports Pillow, whose JPEG encoder is as fast as any; a second one would cost more at start than it saves.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from bifolio.conversion.engine import judge
from bifolio.conversion.engine.gray_rows import GrayRows, rows_of
from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.png import (
    MAX_PATCH_COLOURS,
    Patch,
    encode_gray,
    encode_palette,
    encode_patched,
    grays_of,
)
from bifolio.conversion.limits import MEDIUM_WIDTH_PX, SMALL_WIDTH_PX

JPEG_QUALITY = 80
MAX_COLOURS = 64
"""Finding the nearest of more colours, for every pixel of a page, takes longer than a JPEG."""


class _JpegFile(io.BytesIO):
    """Named, so that Pillow loads what writes this format only: asked by format it loads five."""

    name = "page.jpg"


Images = tuple[Encoded, Encoded, Encoded]


class Sizes(NamedTuple):
    """A page, or a part of one, at the three sizes; all of mode L or all of mode RGB."""

    small: Image.Image
    medium: Image.Image
    large: Image.Image

    def to_gray(self) -> "Sizes":
        """The same in mode L."""
        return Sizes(*(image.convert("L") for image in self))


def shrink(large: Image.Image) -> Sizes:
    """The smaller sizes from the largest. Nothing is enlarged."""
    medium = _to_width(large, MEDIUM_WIDTH_PX)
    return Sizes(_to_width(medium, SMALL_WIDTH_PX), medium, large)


def encode_all(sizes: Sizes, *, drawn: GrayRows | None = None, is_large_photograph: bool = False) -> Images:
    """The files of a page; small, medium, large. What was ``drawn`` for 4 bits saves a copy of ``large``.

    Of a large photograph, whose decoding took most of the time, the large file is made a tenth smaller.
    """
    is_gray = sizes.large.mode == "L"
    rows = judge.some_rows(sizes.large, 16 if is_gray else 8)
    if judge.is_flat(rows):
        if is_gray:
            small, medium, large = map(encode_gray, _rows_of(sizes, 4, drawn), _grays_of(sizes))
            return small, medium, large
        colours = judge.few_colours([rows, judge.some_rows(sizes.medium)], MAX_COLOURS)
        if colours:
            large, medium = encode_palette(sizes.large, colours), encode_palette(sizes.medium, colours)
            return encode_jpeg(sizes.small), medium, large
    return encode_jpegs(sizes, is_optimized=is_large_photograph)


def encode_jpegs(sizes: Sizes, *, is_optimized: bool = False) -> Images:
    """The files of a page with soft tones; ``is_optimized`` concerns the large one."""
    large = encode_jpeg(sizes.large, is_optimized=is_optimized)
    return encode_jpeg(sizes.small), encode_jpeg(sizes.medium), large


def encode_gray_with(drawn: GrayRows, patches: Sequence[Patch]) -> Images:
    """The files of a page that is gray, drawn for 8 bits, but for its patches.

    The page must be twice as wide as the medium size, and the patches must begin at even pixels.
    """
    sizes = shrink(drawn.image)
    seen = (judge.some_rows(patch.image, 2) for patch in patches)
    colours = judge.few_colours(seen, MAX_PATCH_COLOURS)
    halves = [Patch(left // 2, top // 2, image.reduce(2)) for left, top, image in patches]
    smallest = [_shrink_patch(half, sizes.medium, sizes.small) for half in halves]
    of_each = smallest, halves, patches
    small, medium, large = encode_patched(_rows_of(sizes, 8, drawn), of_each, colours, _grays_of(sizes))
    return small, medium, large


def _rows_of(sizes: Sizes, depth: int, drawn: GrayRows | None) -> list[GrayRows]:
    return [*(rows_of(image, depth) for image in sizes[:2]), drawn or rows_of(sizes.large, depth)]


def _grays_of(sizes: Sizes) -> list[list[int]]:
    """Shrinking makes other grays of thin lines, so each has its own; some ten thousand pixels tell."""
    steps = (1, 2), (8, 4), (16, 8)
    return [grays_of(judge.some_pixels(image, *of)) for image, of in zip(sizes, steps, strict=True)]


def encode_jpeg(image: Image.Image, *, is_optimized: bool = False) -> Encoded:
    """An image as JPEG with chroma at half resolution; ``is_optimized`` takes twice the time."""
    target = _JpegFile()
    image.save(target, quality=JPEG_QUALITY, optimize=is_optimized)
    return Encoded(target.getvalue(), "jpg", *image.size)


def _shrink_patch(patch: Patch, of: Image.Image, to: Image.Image) -> Patch:
    """The patch of one size made into one of a smaller size, whose pixels it covers wholly."""
    across, down = of.width / to.width, of.height / to.height
    left, top = -int(-patch.left // across), -int(-patch.top // down)
    right = max(left + 1, int((patch.left + patch.image.width) / across))
    bottom = max(top + 1, int((patch.top + patch.image.height) / down))
    box = (
        left * across - patch.left,
        top * down - patch.top,
        min(patch.image.width, right * across - patch.left),
        min(patch.image.height, bottom * down - patch.top),
    )
    shrunk = patch.image.resize((right - left, bottom - top), Image.Resampling.BILINEAR, box)
    return Patch(left, top, shrunk)


def _to_width(image: Image.Image, width_px: int) -> Image.Image:
    """The image made narrower to ``width_px``; whole-number steps are averaged exactly, and fast."""
    if image.width <= width_px:
        return image
    if image.width == 2 * width_px:
        return image.reduce(2)
    height_px = max(1, round(image.height * width_px / image.width))
    return image.resize((width_px, height_px), Image.Resampling.BILINEAR, reducing_gap=1.0)
