"""A landscape of misty ridges that dissolves, from left to right, into the four inks of a press."""

import math
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sample.art.canvas import (
    Point,
    Rgb,
    Size,
    dice,
    mix,
    noise,
    polygon_mask,
    ramp,
    rgb,
    vertical_gradient,
    with_grain,
)

INKS: list[tuple[Rgb, float]] = [
    (rgb("fff000"), 0.0),
    (rgb("e5177f"), 75.0),
    (rgb("009fe3"), 15.0),
    (rgb("231f20"), 45.0),
]
RIDGES = [rgb(text) for text in ("b9b4b4", "8f9aa5", "637c8c", "3f6070", "26454f", "142d33", "0a1a1c")]
PITCH_SHARE = 0.0060


def landscape(size: Size) -> Image.Image:
    """Seven ridges before a low sun."""
    width_px, height_px = size
    sky = vertical_gradient(size, [rgb(text) for text in ("5f8ea3", "a9bdb9", "f0d9b0", "f6b983", "ee9a72")])
    picture = _with_sun(sky, (width_px * 0.70, height_px * 0.25), height_px)
    for index, colour in enumerate(RIDGES):
        depth = index / (len(RIDGES) - 1)
        crest = _crest(size, index)
        mask = polygon_mask(size, [(-4.0, height_px + 4.0), *crest, (width_px + 4.0, height_px + 4.0)])
        mist = mix(colour, rgb("f3c9a0"), 0.62 * (1 - depth))
        body = _ridge_body(size, colour, mist, min(y for _, y in crest))
        picture.paste(body, mask=mask)
        if index >= 4:
            picture.paste(Image.new("RGB", size, colour), mask=_trees(size, crest, index))
    return with_grain(picture, 31, 0.10)


def _with_sun(sky: Image.Image, centre: Point, height_px: int) -> Image.Image:
    for share, opacity in ((0.30, 60), (0.16, 90), (0.062, 255)):
        radius_px = height_px * share
        glow = Image.new("L", sky.size, 0)
        box = [centre[0] - radius_px, centre[1] - radius_px, centre[0] + radius_px, centre[1] + radius_px]
        ImageDraw.Draw(glow).ellipse(box, fill=opacity)
        blur_px = 1.2 if opacity == 255 else radius_px * 0.45
        sky.paste(
            Image.new("RGB", sky.size, rgb("fff3d6")), mask=glow.filter(ImageFilter.GaussianBlur(blur_px))
        )
    return sky


def _crest(size: Size, index: int) -> list[Point]:
    width_px, height_px = size
    chance = dice(510 + index)
    base_px = height_px * (0.40 + 0.085 * index)
    waves = []
    for octave in range(9):
        length_px = width_px * 0.62 / 1.9**octave
        swing_px = height_px * (0.062 - 0.003 * index) / 1.95**octave
        waves.append((length_px, swing_px, chance.uniform(0, math.tau)))
    return [
        (
            float(x),
            base_px + sum(swing * math.sin(x / length * math.tau + turn) for length, swing, turn in waves),
        )
        for x in range(-4, width_px + 5, 2)
    ]


def _ridge_body(size: Size, colour: Rgb, mist: Rgb, top_px: float) -> Image.Image:
    width_px, height_px = size
    column = Image.new("RGB", (1, height_px))
    for y in range(height_px):
        column.putpixel((0, y), ramp([colour, colour, mist, mist], (y - top_px) / (height_px * 0.26)))
    body = column.resize(size)
    veil = noise(size, round(top_px), width_px / 9).point([value // 5 for value in range(256)])
    body.paste(Image.new("RGB", size, mist), mask=veil)
    return body


def _trees(size: Size, crest: list[Point], index: int) -> Image.Image:
    chance = dice(77 + index)
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    draw = ImageDraw.Draw(mask)
    tall_px = size[1] * (0.012 + 0.011 * (index - 4))
    for x, y in crest[:: 5 - (index - 4)]:
        if chance.random() < 0.72:
            _fir(draw, x + chance.uniform(-3, 3), y + 3, tall_px * chance.uniform(0.5, 1.25))
    return mask.reduce(2)


def _fir(draw: ImageDraw.ImageDraw, x: float, y: float, tall_px: float) -> None:
    for tier in range(4):
        top = y - tall_px * (1 - tier * 0.2)
        foot = y - tall_px * (0.62 - tier * 0.21)
        half = tall_px * (0.07 + 0.055 * tier)
        draw.polygon([(x * 2, top * 2), ((x - half) * 2, foot * 2), ((x + half) * 2, foot * 2)], fill=255)


def dissolving_landscape(size: Size) -> Image.Image:
    """The landscape whole on the left page, as dots of four inks on the right."""
    picture = landscape(size)
    dots = screened(picture, size[0] * PITCH_SHARE)
    row = Image.new("L", (400, 1))
    row.putdata([round(255 * min(1.0, max(0.0, (x - 178) / 70))) for x in range(400)])
    return Image.composite(dots, picture, row.resize(size, Image.Resampling.BICUBIC))


def screened(picture: Image.Image, pitch_px: float) -> Image.Image:
    """Separate a picture into four inks and print each as dots on its own slanted grid."""
    sheet = Image.new("RGB", picture.size, rgb("fdfbf4"))
    for (ink, angle), plate in zip(INKS, _plates(picture), strict=True):
        mask = _dots(plate, pitch_px, math.radians(angle))
        sheet = ImageChops.multiply(
            sheet,
            Image.composite(
                Image.new("RGB", picture.size, ink), Image.new("RGB", picture.size, "white"), mask
            ),
        )
    return sheet


def _plates(picture: Image.Image) -> list[Image.Image]:
    cyan, magenta, yellow = (ImageChops.invert(channel) for channel in picture.split())
    black = ImageChops.darker(ImageChops.darker(cyan, magenta), yellow)
    black = black.point([round(max(0, value - 60) * 0.85) for value in range(256)])
    return [*(ImageChops.subtract(plate, black) for plate in (yellow, magenta, cyan)), black]


def _dots(plate: Image.Image, pitch_px: float, angle: float) -> Image.Image:
    soft = plate.filter(ImageFilter.BoxBlur(pitch_px / 3))
    mask = Image.new("L", (plate.size[0] * 2, plate.size[1] * 2), 0)
    draw = ImageDraw.Draw(mask)
    for x, y in _grid(plate.size, pitch_px, angle):
        inside = min(max(round(x), 0), plate.size[0] - 1), min(max(round(y), 0), plate.size[1] - 1)
        value = soft.getpixel(inside)
        tone = value / 255 if isinstance(value, (int, float)) else 0.0
        radius = 2 * pitch_px * math.sqrt(tone / math.pi)
        draw.ellipse([x * 2 - radius, y * 2 - radius, x * 2 + radius, y * 2 + radius], fill=255)
    return mask.reduce(2)


def _grid(size: Size, pitch_px: float, angle: float) -> Iterator[Point]:
    reach = math.ceil(math.hypot(*size) / pitch_px / 2) + 1
    cosine, sine = math.cos(angle) * pitch_px, math.sin(angle) * pitch_px
    for column in range(-reach, reach + 1):
        for row in range(-reach, reach + 1):
            x = size[0] / 2 + column * cosine - row * sine
            y = size[1] / 2 + column * sine + row * cosine
            if size[0] * 0.40 < x < size[0] + pitch_px and -pitch_px < y < size[1] + pitch_px:
                yield x, y
