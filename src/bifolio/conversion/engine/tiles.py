"""Cuts a page into tiles, one band of them after another, and encodes each. Imports Pillow, never PDFium."""

from collections.abc import Callable

from PIL import Image

from bifolio.conversion.context import TileOrder
from bifolio.conversion.engine import judge
from bifolio.conversion.engine.encode import MAX_COLOURS, encode_jpeg
from bifolio.conversion.engine.gray_rows import rows_of
from bifolio.conversion.engine.output import Encoded, FrameWriter
from bifolio.conversion.engine.png import encode_gray, encode_palette
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.limits import TILE_PX

DrawBand = Callable[[int, int], Image.Image]
"""Draws the rows of pixels from the first to before the second, in mode L or RGB."""
_MOST_COLOURS = 256


def send_tiles(draw: DrawBand, order: TileOrder, writer: FrameWriter) -> None:
    """Write a frame for each tile: the wanted row first, then those around it, and so to the ends."""
    rows = range(-(-order.height_px // TILE_PX))
    for row in sorted(rows, key=lambda row: abs(row - order.first_row)):
        top = row * TILE_PX
        band = draw(top, min(top + TILE_PX, order.height_px))
        for column, left in enumerate(range(0, order.width_px, TILE_PX)):
            tile = band.crop((left, 0, min(left + TILE_PX, order.width_px), band.height))
            encoded = encode_tile(tile, order.extension)
            place = {"column": column, "row": row, "width_px": tile.width, "height_px": tile.height}
            writer.send(FrameKind.TILE, place, (encoded.content,))
    writer.send(FrameKind.DONE, {})


def encode_tile(tile: Image.Image, extension: str) -> Encoded:
    """A tile in the format of its page."""
    if tile.mode == "RGB" and judge.is_gray(judge.colourfulness(tile)):
        tile = tile.convert("L")
    if extension == "jpg":
        return encode_jpeg(tile)
    if tile.mode == "L":
        return encode_gray(rows_of(tile, 4))
    return encode_palette(tile, judge.few_colours([tile], MAX_COLOURS) or _best_colours(tile))


def _best_colours(tile: Image.Image) -> list[tuple[int, int, int]]:
    """Colours that stand for the soft tones which a page of few colours may have in places."""
    reduced = tile.quantize(_MOST_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    channels = reduced.getpalette() or []
    return list(zip(channels[::3], channels[1::3], channels[2::3], strict=True))
