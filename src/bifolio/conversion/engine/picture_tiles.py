"""A JPEG or PNG in tiles of its own pixels. Imports Pillow, never PDFium."""

from PIL import Image, ImageOps

from bifolio.conversion.context import TileOrder
from bifolio.conversion.engine.failures import CannotOpen
from bifolio.conversion.engine.output import FrameWriter
from bifolio.conversion.engine.picture_book import PictureBook
from bifolio.conversion.engine.tiles import send_tiles
from bifolio.conversion.reasons import FailureReason

_MARGIN_PX = 8
"""Rows drawn beyond a band, so that shrinking it looks across its edges as within."""


def cut_picture(content: memoryview, kind: str, order: TileOrder, writer: FrameWriter) -> None:
    """Write the tiles of a picture. Raises CannotOpen, and what Pillow raises for a damaged one."""
    book = PictureBook(content, kind)
    if order.page != 1:
        raise CannotOpen(FailureReason.DAMAGED)
    send_tiles(_Sheet(book, order).draw_band, order, writer)


class _Sheet:
    """A decoded picture, turned as its camera asks; only bands of it are held a second time."""

    def __init__(self, book: PictureBook, order: TileOrder) -> None:
        self._book, self._width, self._height = book, order.width_px, order.height_px
        self._picture = book.picture
        ImageOps.exif_transpose(self._picture, in_place=True)

    def draw_band(self, top: int, bottom: int) -> Image.Image:
        above, below = max(0, top - _MARGIN_PX), min(self._height, bottom + _MARGIN_PX)
        scale = self._picture.height / self._height
        first, last = int(above * scale), min(self._picture.height, -int(-below * scale // 1))
        part = self._book.as_shown(self._picture.crop((0, first, self._picture.width, last)))
        box = (0, above * scale - first, part.width, min(part.height, below * scale - first))
        shrunk = part.resize((self._width, below - above), Image.Resampling.LANCZOS, box)
        return shrunk.crop((0, top - above, self._width, bottom - above))
