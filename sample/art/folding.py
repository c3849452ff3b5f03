"""A sheet in the Miura fold, flat at its left end and gathered at its right."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sample.art.canvas import Point, Rgb, Size, darken, mix, ramp, rgb, vertical_gradient, with_grain

Vertex = tuple[float, float, float]
SHEET = [rgb(text) for text in ("f6efe2", "f4d9b8", "ef9f6e", "dd5a43", "9c2f45", "4a1f3d")]
LIGHT: Vertex = (-0.52, -0.50, 0.69)
FACETS_HIGH = 13
ACUTE_ANGLE = math.radians(62)
COLUMNS, ROWS = 44, 34


@dataclass(frozen=True)
class Facet:
    """One parallelogram: its corners on the picture in pixels, its brightness, its place along the sheet."""

    corners: list[Point]
    light: float
    share: float


def folded_sheet(size: Size) -> Image.Image:
    """The sheet across both pages of a spread."""
    big = (size[0] * 2, size[1] * 2)
    picture = vertical_gradient(big, [rgb("f6efe2"), rgb("ecdfca")])
    vertices = _vertices(big)
    draw = ImageDraw.Draw(picture)
    for facet in _facets(vertices, big):
        draw.polygon(facet.corners, fill=_colour(facet), outline=_colour(facet))
    picture = _with_creases(picture, vertices, big).reduce(2)
    return with_grain(picture, 21, 0.14)


def _vertices(size: Size) -> list[list[Vertex]]:
    width, height = size
    edge = height / FACETS_HIGH
    columns: list[list[Vertex]] = []
    x = -edge
    for column in range(COLUMNS + 1):
        fold = _fold_angle(column)
        slope = math.cos(fold) * math.tan(ACUTE_ANGLE)
        root = math.sqrt(1 + slope * slope)
        step_x, zigzag = edge * slope / root, edge / root
        step_y = edge * math.sqrt(1 - (math.sin(fold) * math.sin(ACUTE_ANGLE)) ** 2)
        rise = edge * math.sin(fold) * math.sin(ACUTE_ANGLE)
        offset = zigzag if column % 2 else 0.0
        line = [
            (x, height / 2 + (row - ROWS / 2) * step_y + offset, rise if row % 2 else 0.0)
            for row in range(ROWS + 1)
        ]
        columns.append(line)
        x += step_x
    stretch = (width + 3 * edge) / (x - columns[0][0][0])
    return [[(-edge + (px + edge) * stretch, py, pz) for px, py, pz in line] for line in columns]


def _fold_angle(column: int) -> float:
    share = column / COLUMNS
    return math.radians(6 + 56 * (share * share * (3 - 2 * share)))


def _facets(vertices: list[list[Vertex]], size: Size) -> list[Facet]:
    facets = []
    for column in range(len(vertices) - 1):
        for row in range(len(vertices[0]) - 1):
            first, second = vertices[column][row], vertices[column][row + 1]
            third, fourth = vertices[column + 1][row + 1], vertices[column + 1][row]
            light = _light(first, second, fourth)
            share = (first[0] + third[0]) / 2 / size[0]
            corners = [(p[0], p[1]) for p in (first, second, third, fourth)]
            facets.append(Facet(corners, light, share))
    return facets


def _light(origin: Vertex, along: Vertex, across: Vertex) -> float:
    u = [b - a for a, b in zip(origin, along, strict=True)]
    v = [b - a for a, b in zip(origin, across, strict=True)]
    normal = (v[1] * u[2] - v[2] * u[1], v[2] * u[0] - v[0] * u[2], v[0] * u[1] - v[1] * u[0])
    length = math.sqrt(sum(value * value for value in normal)) or 1.0
    facing = sum(value * ray for value, ray in zip(normal, LIGHT, strict=True)) / length
    return abs(facing)


def _colour(facet: Facet) -> Rgb:
    base = ramp(SHEET, facet.share)
    # The left third stays calm: a title is printed over it.
    contrast = min(1.0, 0.10 + 1.9 * max(0.0, facet.share) ** 1.3)
    if facet.light > 0.69:
        return mix(base, (255, 250, 240), min(1.0, (facet.light - 0.69) * 1.5 * contrast))
    return mix(base, (38, 14, 40), min(1.0, (0.69 - facet.light) * 1.15 * contrast))


def _with_creases(picture: Image.Image, vertices: list[list[Vertex]], size: Size) -> Image.Image:
    valleys, ridges = Image.new("L", size, 0), Image.new("L", size, 0)
    pens = ImageDraw.Draw(valleys), ImageDraw.Draw(ridges)
    for row in range(len(vertices[0])):
        line = [(column[row][0], column[row][1]) for column in vertices]
        pens[row % 2].line(line, fill=255, width=9 if row % 2 == 0 else 3, joint="curve")
    for index, column in enumerate(vertices):
        pens[1].line([(x, y) for x, y, _ in column], fill=60 + 60 * (index % 2), width=3)
    fade = _left_to_right(size)
    soft = valleys.filter(ImageFilter.GaussianBlur(22)).point([min(255, value * 3) for value in range(256)])
    picture = darken(picture, ImageChops.multiply(soft, fade), 0.55)
    glint = ImageChops.multiply(
        ridges.filter(ImageFilter.GaussianBlur(1)), fade.point([v // 2 + 40 for v in range(256)])
    )
    picture.paste(Image.new("RGB", size, (255, 246, 232)), mask=glint)
    return picture


def _left_to_right(size: Size) -> Image.Image:
    row = Image.new("L", (256, 1))
    row.putdata([min(255, 8 + value) for value in range(256)])
    return row.resize(size, Image.Resampling.BILINEAR)
