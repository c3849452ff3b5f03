"""Two pictures of cut and torn paper: the cover's canyon of sheets, and a sea of paper waves."""

import math

from PIL import Image, ImageDraw, ImageFilter

from sample.art.canvas import Point, Size, dice, lay_sheet, mix, ramp, rgb, vertical_gradient, with_grain

CANYON = [
    rgb(text) for text in ("10263b", "174a63", "2c7a82", "86b3a0", "ecdcb4", "f2b266", "e56f45", "b93a35")
]
CANYON_SHEETS = 11
SEA = [rgb(text) for text in ("cfe3dc", "8fc0bd", "4f979f", "27708a", "174d6e", "0f3350", "0a2036")]
SEA_SHEETS = 10
WHITE = (255, 255, 255)


def canyon(size: Size) -> Image.Image:
    """Sheets with a torn opening in each, wider the nearer the sheet, around a small sun."""
    width_px, height_px = size
    picture = vertical_gradient(size, [rgb("fbe7b2"), rgb("f6c667")])
    sun_px = width_px * 0.075
    centre = (width_px * 0.54, height_px * 0.535)
    box = [centre[0] - sun_px, centre[1] - sun_px, centre[0] + sun_px, centre[1] + sun_px]
    ImageDraw.Draw(picture).ellipse(box, fill=rgb("fffaf0"))
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    for sheet in range(CANYON_SHEETS):
        depth = sheet / (CANYON_SHEETS - 1)
        colour = ramp(CANYON[::-1], depth)
        mask = _opening(size, centre, sheet)
        lift_px = width_px * (0.010 + 0.016 * depth)
        picture = lay_sheet(picture, mask, colour, lift_px=lift_px, edge=mix(colour, WHITE, 0.55), seed=40)
    return picture


def _opening(size: Size, centre: Point, sheet: int) -> Image.Image:
    width_px, _ = size
    chance = dice(900 + sheet)
    radius_px = width_px * (0.095 + 0.0245 * sheet + 0.0014 * sheet * sheet)
    outline: list[Point] = []
    for step in range(1440):
        angle = step / 1440 * math.tau
        wave = 0.12 * math.sin(2 * angle + 0.5 + 0.16 * sheet) + 0.075 * math.sin(
            3 * angle - 0.9 - 0.27 * sheet
        )
        wave += 0.035 * math.sin(5 * angle + 0.62 * sheet) + 0.018 * math.sin(9 * angle - 1.1 * sheet)
        torn = chance.uniform(-1.1, 1.1) + 1.6 * math.sin(47 * angle + sheet)
        reach = radius_px * (1 + wave) + torn
        drift = width_px * 0.010 * sheet
        outline.append(
            (
                centre[0] - drift * 0.5 + reach * math.cos(angle),
                centre[1] + drift * 0.4 + 1.12 * reach * math.sin(angle),
            )
        )
    return _outside_of(size, outline)


def _outside_of(size: Size, outline: list[Point]) -> Image.Image:
    big = Image.new("L", (size[0] * 2, size[1] * 2), 255)
    ImageDraw.Draw(big).polygon([(x * 2, y * 2) for x, y in outline], fill=0)
    return big.reduce(2)


def sea(size: Size) -> Image.Image:
    """A paper moon over ten paper waves, across both pages of a spread."""
    height_px = size[1]
    picture = with_grain(vertical_gradient(size, [rgb("f3e3c7"), rgb("f4cfa4"), rgb("efb58c")]), 7, 0.16)
    picture = _moon(picture)
    for sheet in range(SEA_SHEETS):
        depth = sheet / (SEA_SHEETS - 1)
        colour = ramp(SEA, depth)
        mask = _wave(size, sheet)
        lift_px = height_px * (0.007 + 0.014 * depth)
        picture = lay_sheet(picture, mask, colour, lift_px=lift_px, edge=mix(colour, WHITE, 0.6), seed=70)
    return picture


def _moon(picture: Image.Image) -> Image.Image:
    width_px, height_px = picture.size
    for ring, share in enumerate((0.30, 0.235, 0.17)):
        radius_px = height_px * share
        centre = (width_px * 0.765, height_px * 0.33)
        disc = Image.new("L", (width_px, height_px), 0)
        box = [centre[0] - radius_px, centre[1] - radius_px, centre[0] + radius_px, centre[1] + radius_px]
        ImageDraw.Draw(disc).ellipse(box, fill=255)
        colour = (rgb("f5d6ae"), rgb("f8e3c4"), rgb("fdf6e8"))[ring]
        picture = lay_sheet(picture, disc, colour, lift_px=height_px * 0.008, edge=WHITE, seed=70)
    return picture


def _wave(size: Size, sheet: int) -> Image.Image:
    width_px, height_px = size
    chance = dice(300 + sheet)
    depth = sheet / (SEA_SHEETS - 1)
    base_px = height_px * (0.46 + 0.46 * depth**1.15)
    swell_px = height_px * (0.012 + 0.034 * depth)
    length_px = width_px * (0.16 + 0.22 * depth)
    phase = chance.uniform(0, math.tau)
    outline: list[Point] = [(-9.0, height_px + 9.0)]
    for x in range(-9, width_px + 10, 3):
        angle = x / length_px * math.tau + phase
        # A trochoid has sharp crests and flat troughs, as swell has.
        crest = math.cos(angle) + 0.28 * math.cos(2 * angle) + 0.35 * math.sin(angle * 0.37 + sheet)
        outline.append((x, base_px - swell_px * crest + chance.uniform(-0.7, 0.7)))
    outline.append((width_px + 9.0, height_px + 9.0))
    big = Image.new("L", (width_px * 2, height_px * 2), 0)
    ImageDraw.Draw(big).polygon([(x * 2, y * 2) for x, y in outline], fill=255)
    return big.reduce(2)
