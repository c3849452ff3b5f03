"""Ground for all pictures: colours, gradients, seeded noise, paper grain and cut sheets with their shadows.

Only Pillow and the standard library: the magazine must be printable on a fresh installation.
"""

import random
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Rgb = tuple[int, int, int]
Point = tuple[float, float]
Size = tuple[int, int]
SUPERSAMPLING = 2


def rgb(text: str) -> Rgb:
    """Read a colour written as six hexadecimal digits."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Blend two colours; `share` 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def ramp(colours: Sequence[Rgb], share: float) -> Rgb:
    """Pick from evenly spaced colours; `share` runs from 0 to 1."""
    place = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def vertical_gradient(size: Size, colours: Sequence[Rgb]) -> Image.Image:
    """Fill a picture from top to bottom with evenly spaced colours."""
    width_px, height_px = size
    column = Image.new("RGB", (1, height_px))
    for y in range(height_px):
        column.putpixel((0, y), ramp(colours, y / (height_px - 1)))
    return column.resize((width_px, height_px))


def dice(seed: int) -> random.Random:
    """A row of chances that is the same each time."""
    return random.Random(seed)  # noqa: S311 (a picture keeps no secrets)


# The sheets of one picture share their fibre: only one of them is seen in any place.
@lru_cache(maxsize=8)
def noise(size: Size, seed: int, cell_px: float) -> Image.Image:
    """Seeded grey noise whose spots are about `cell_px` wide (mode L, mean about 128)."""
    columns = max(2, round(size[0] / cell_px) + 1)
    rows = max(2, round(size[1] / cell_px) + 1)
    spots = dice(seed).randbytes(columns * rows)
    return Image.frombytes("L", (columns, rows), spots).resize(size, Image.Resampling.BICUBIC)


def with_grain(picture: Image.Image, seed: int, strength: float) -> Image.Image:
    """Lay paper fibre over a picture; `strength` 0 leaves it as it is, 0.2 is a rough sheet."""
    fine = noise(picture.size, seed, 2.2)
    cloud = noise(picture.size, seed + 1, 34.0)
    fibre = Image.blend(fine, cloud, 0.45)
    calm = Image.blend(Image.new("L", picture.size, 128), fibre, strength)
    return ImageChops.overlay(picture, Image.merge("RGB", (calm, calm, calm)))


def polygon_mask(size: Size, outline: Sequence[Point]) -> Image.Image:
    """A smooth-edged mask (mode L) of one polygon given in pixels."""
    width_px, height_px = size
    mask = Image.new("L", (width_px * SUPERSAMPLING, height_px * SUPERSAMPLING), 0)
    ImageDraw.Draw(mask).polygon([(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in outline], fill=255)
    return mask.reduce(SUPERSAMPLING)


def darken(picture: Image.Image, mask: Image.Image, depth: float) -> Image.Image:
    """Multiply a picture by a soft shadow; `depth` 1 is black where the mask is white."""
    shade = mask.point([255 - round(value * depth) for value in range(256)])
    return ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))


def lay_sheet(
    picture: Image.Image, mask: Image.Image, colour: Rgb, *, lift_px: float, edge: Rgb, seed: int
) -> Image.Image:
    """Lay a cut sheet of paper over a picture: its shadow falls down and right, its rim shows `edge`."""
    wide = mask.filter(ImageFilter.GaussianBlur(lift_px))
    near = mask.filter(ImageFilter.GaussianBlur(lift_px / 4))
    picture = darken(picture, _shifted(wide, round(lift_px * 0.5), round(lift_px * 0.8)), 0.5)
    picture = darken(picture, _shifted(near, 1, round(lift_px * 0.15) + 1), 0.35)
    picture.paste(Image.new("RGB", picture.size, edge), mask=mask)
    # The rim is wider where noise is bright, as fibres tear unevenly.
    worth = ImageChops.subtract(
        mask.filter(ImageFilter.GaussianBlur(2.2)),
        noise(picture.size, seed, 6.0).point([v // 4 for v in range(256)]),
    )
    body = worth.point([min(255, max(0, (value - 138) * 6)) for value in range(256)])
    sheet = with_grain(Image.new("RGB", picture.size, colour), seed, 0.16)
    picture.paste(sheet, mask=ImageChops.darker(body, mask))
    return picture


def _shifted(mask: Image.Image, right_px: int, down_px: int) -> Image.Image:
    # ImageChops.offset would wrap round and throw shadows in from the opposite edge.
    moved = mask.copy()
    moved.paste(mask, (right_px, down_px))
    return moved
