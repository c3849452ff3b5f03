"""How large a page is drawn for its tiles. Must not import PDFium or Pillow."""

from typing import NamedTuple

from bifolio.conversion.engine.render_size import Size, is_usable, size_at_width
from bifolio.conversion.limits import LARGE_WIDTH_PX, MAX_LEVEL_PX, TILE_PX, TILE_SCALES
from bifolio.conversion.reasons import FileKind

__all__ = ["Size", "TilePlace", "grid_of", "levels_of", "tile_size"]

_POINTS_PER_PIXEL = 0.75
_WORTH_ITS_TILES = 1.25
"""A picture must be so many times as wide as the next smaller size before tiles of its own pixels pay."""


class TilePlace(NamedTuple):
    """Where a tile is in its level; the first column and row are 0."""

    column: int
    row: int


def levels_of(kind: FileKind, width_pt: float, height_pt: float) -> tuple[Size, ...]:
    """The sizes in pixels beyond the large image, the smallest first; none where there is nothing to gain.

    A picture's largest are its own pixels.
    """
    if not is_usable(width_pt, height_pt):
        return ()
    large = size_at_width(width_pt, height_pt, LARGE_WIDTH_PX)
    sizes = [Size(large.width * scale, large.height * scale) for scale in TILE_SCALES]
    if kind != FileKind.PDF:
        own = Size(round(width_pt / _POINTS_PER_PIXEL), round(height_pt / _POINTS_PER_PIXEL))
        smaller = [size for size in (large, *sizes) if size.width * _WORTH_ITS_TILES <= own.width]
        sizes = [*smaller[1:], own] if smaller else []
    return tuple(size for size in sizes if size.pixels <= MAX_LEVEL_PX)


def grid_of(size: Size) -> tuple[int, int]:
    """How many columns and rows of tiles a level has."""
    return -(-size.width // TILE_PX), -(-size.height // TILE_PX)


def tile_size(size: Size, place: TilePlace) -> Size:
    """Width and height of a tile in pixels."""
    return Size(
        min(TILE_PX, size.width - place.column * TILE_PX), min(TILE_PX, size.height - place.row * TILE_PX)
    )
