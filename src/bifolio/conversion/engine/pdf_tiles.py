"""A page of a PDF in tiles. Imports PDFium and Pillow."""

from PIL import Image

from bifolio.conversion.context import TileOrder
from bifolio.conversion.engine import judge
from bifolio.conversion.engine.failures import CannotOpen, PageUnreadable
from bifolio.conversion.engine.output import FrameWriter
from bifolio.conversion.engine.pdf_book import PdfBook
from bifolio.conversion.engine.pdfium import Handle
from bifolio.conversion.engine.render import PROBE_WIDTH_PX, Renderer
from bifolio.conversion.engine.render_size import Size, is_usable, size_at_width
from bifolio.conversion.engine.tiles import send_tiles
from bifolio.conversion.reasons import FailureReason


def cut_pdf(content: memoryview, password: str, order: TileOrder, writer: FrameWriter) -> None:
    """Write the tiles of a page. Raises CannotOpen, and whatever a damaged page may cause."""
    book = PdfBook(content, password)
    if order.page > book.page_count or not is_usable(*book.page_size(order.page)):
        raise CannotOpen(FailureReason.DAMAGED)
    book.prepare()
    try:
        with book.opened(order.page) as page:
            book.expect_text(page)
            with book.to_draw(page, order.page) as drawn:
                sheet = _Sheet(book.renderer, drawn, Size(order.width_px, order.height_px))
                send_tiles(sheet.draw_band, order, writer)
    except PageUnreadable:
        raise CannotOpen(FailureReason.DAMAGED) from None


class _Sheet:
    """A loaded page, drawn as large as its tiles want it: in gray, where it has no colour."""

    def __init__(self, renderer: Renderer, page: Handle, size: Size) -> None:
        self._renderer, self._page, self._size = renderer, page, size
        probe_size = size_at_width(size.width, size.height, PROBE_WIDTH_PX)
        self._is_gray = judge.is_gray(judge.colourfulness(renderer.draw_colour(page, probe_size)))

    def draw_band(self, top: int, bottom: int) -> Image.Image:
        draw = self._renderer.draw_gray if self._is_gray else self._renderer.draw_colour
        return draw(self._page, self._size, Size(self._size.width, bottom - top), (0, top))
