"""Marbled paper: drops of colour that push each other aside, then combs drawn through them.

A drop of radius r at c moves every older point p to c + (p - c) · sqrt(1 + r² / |p - c|²).
Areas stay what they were.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from sample.art.canvas import Point, Rgb, Size, dice, rgb, with_grain

BATH = [
    rgb(text) for text in ("12324a", "c2452f", "f1e4c8", "dfa143", "1f6f74", "f6ecd6", "7d1f2d", "2b5f7d")
]
GROUND = rgb("efe2c6")
OUTLINE_POINTS = 420


@dataclass
class Drop:
    """One drop's outline in shares of the picture's width, and its colour."""

    outline: list[Point]
    colour: Rgb


def stones(height_share: float, count: int = 190, seed: int = 5) -> list[Drop]:
    """Let drops fall on a bath that is 1 wide and `height_share` high."""
    chance = dice(seed)
    drops: list[Drop] = []
    for index in range(count):
        centre = (chance.uniform(-0.05, 1.05), chance.uniform(-0.05, height_share + 0.05))
        radius = chance.uniform(0.034, 0.092) * (1.25 - 0.6 * index / count)
        for drop in drops:
            drop.outline = _pushed(drop.outline, centre, radius)
        turn = [math.tau * step / OUTLINE_POINTS for step in range(OUTLINE_POINTS)]
        outline = [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in turn]
        drops.append(Drop(outline, BATH[chance.randrange(len(BATH))]))
    return drops


def _pushed(outline: list[Point], centre: Point, radius: float) -> list[Point]:
    # Ten million points pass here: a call for each would double the time of the whole magazine.
    centre_x, centre_y = centre
    area, root = radius * radius, math.sqrt
    return [
        (
            centre_x
            + (dx := x - centre_x) * (push := root(1 + area / (dx * dx + (dy := y - centre_y) * dy + 1e-9))),
            centre_y + dy * push,
        )
        for x, y in outline
    ]


def _comb(spacing: float, pull: float, sharpness: float) -> Callable[[float], float]:
    def displacement(across: float) -> float:
        tooth = abs((across / spacing) % 1.0 - 0.5) * 2
        return pull * (math.exp(-sharpness * (1 - tooth)) - 0.5)

    return displacement


def gelgit(drops: Sequence[Drop]) -> list[Drop]:
    """Draw a stylus up and down through the bath (Turkish: come and go)."""
    return [
        Drop([(x, y + 0.17 * math.sin(math.tau * x / 0.11)) for x, y in drop.outline], drop.colour)
        for drop in drops
    ]


def nonpareil(drops: Sequence[Drop]) -> list[Drop]:
    """Comb the bath sideways with fine teeth."""
    fine = _comb(0.034, 0.085, 3.4)
    return [Drop([(x + fine(y), y) for x, y in drop.outline], drop.colour) for drop in drops]


def swirled(drops: Sequence[Drop]) -> list[Drop]:
    """Let the whole bath sway once more, so that the combed lines curve."""
    return [
        Drop(
            [(x + 0.03 * math.sin(4.1 * y + 0.6), y + 0.035 * math.sin(6.3 * x)) for x, y in drop.outline],
            drop.colour,
        )
        for drop in drops
    ]


def pulled_print(drops: Sequence[Drop], size: Size, seed: int = 11) -> Image.Image:
    """Lay a sheet on the bath and lift it: the picture, `size` in pixels."""
    scale = size[0] * 2
    picture = Image.new("RGB", (size[0] * 2, size[1] * 2), GROUND)
    draw = ImageDraw.Draw(picture)
    for drop in drops:
        draw.polygon([(x * scale, y * scale) for x, y in drop.outline], fill=drop.colour)
    return with_grain(picture.reduce(2), seed, 0.12)
