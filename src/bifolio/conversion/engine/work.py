"""What an engine does with its context: count, or convert page after page.

Imports only the kind of book that it needs.
"""

import sys
from collections.abc import Iterator
from typing import Any, Protocol

from bifolio.conversion.context import EngineContext, PendingPlaceholder, TileOrder
from bifolio.conversion.engine.failures import CannotOpen
from bifolio.conversion.engine.lockdown import grant_cpu
from bifolio.conversion.engine.output import FrameWriter, PageFiles
from bifolio.conversion.engine.render_size import is_usable
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.reasons import FailureReason, FileKind, PlaceholderReason


class Book(Protocol):
    """A document that gives pages."""

    page_count: int

    def prepare(self) -> None: ...  # noqa: D102
    def properties(self) -> dict[str, Any]: ...  # noqa: D102
    def page_size(self, number: int) -> tuple[float, float]: ...  # noqa: D102
    def convert(self, number: int, width_pt: float, height_pt: float) -> PageFiles: ...  # noqa: D102


def work(context: EngineContext, content: memoryview, writer: FrameWriter) -> None:
    """Do what the context asks for; how a document fails is a frame, never an exception."""
    grant_cpu(context.page_timeout_s)
    for pending in context.placeholders:
        _send_placeholder(writer, pending)
    if context.mode != "placeholders":
        try:
            if context.mode == "count":
                writer.send(FrameKind.COUNTED, {"page_count": _count(context, content)})
                return
            if context.tiles is not None:
                _cut(context, context.tiles, content, writer)
                return
            book = _open(context, content)
        except CannotOpen as failure:
            writer.send(FrameKind.FAILED, {"reason": failure.reason})
            return
        _convert(context, book, writer)
    writer.send(FrameKind.DONE, {})


def _count(context: EngineContext, content: memoryview) -> int:
    if context.kind != FileKind.PDF or not content:
        return _open(context, content).page_count
    from bifolio.conversion.engine.pdfium import count_pages, open_document

    return count_pages(open_document(content, context.password))


def _open(context: EngineContext, content: memoryview) -> Book:
    if not content:
        raise CannotOpen(FailureReason.DAMAGED)
    book: Book
    if context.kind == FileKind.PDF:
        from bifolio.conversion.engine.pdf_book import PdfBook

        book = PdfBook(content, context.password)
    else:
        from bifolio.conversion.engine.picture_book import PictureBook

        book = PictureBook(content, context.kind)
    if 0 < context.max_pages < book.page_count:
        raise CannotOpen(FailureReason.TOO_MANY_PAGES)
    return book


def _cut(context: EngineContext, order: TileOrder, content: memoryview, writer: FrameWriter) -> None:
    if context.kind == FileKind.PDF:
        from bifolio.conversion.engine.pdf_tiles import cut_pdf

        cut_pdf(content, context.password, order, writer)
    else:
        from bifolio.conversion.engine.picture_tiles import cut_picture

        cut_picture(content, context.kind, order, writer)


def _convert(context: EngineContext, book: Book, writer: FrameWriter) -> None:
    properties = book.properties() if context.announce else {}
    writer.send(FrameKind.OPENED, {"page_count": book.page_count, **properties})
    book.prepare()
    for number in _pages(context, book.page_count):
        grant_cpu(context.page_timeout_s)
        width_pt, height_pt = book.page_size(number)
        writer.send(FrameKind.STARTED, {"number": number, "width_pt": width_pt, "height_pt": height_pt})
        try:
            files = book.convert(number, width_pt, height_pt)
        except Exception as error:  # noqa: BLE001  one page must never end a book
            sys.stderr.write(f"page {number}: {type(error).__name__}: {error}\n")
            pending = PendingPlaceholder(number, width_pt, height_pt, PlaceholderReason.DAMAGED)
            _send_placeholder(writer, pending)
        else:
            _send(writer, number, width_pt, height_pt, files)


def _pages(context: EngineContext, page_count: int) -> Iterator[int]:
    """The pages that are still to do, in order."""
    number = context.first_page
    end = min(context.last_page or page_count, page_count) + 1
    for first, last in context.done:
        yield from range(number, min(first, end))
        number = max(number, last + 1)
    yield from range(number, end)


def _send_placeholder(writer: FrameWriter, pending: PendingPlaceholder) -> None:
    from bifolio.conversion.engine import placeholder

    size_pt = pending.width_pt, pending.height_pt
    if not is_usable(*size_pt):
        size_pt = placeholder.USUAL_SIZE_PT
    files = placeholder.draw(pending.number, *size_pt, pending.reason)
    writer.send_page(pending.number, *size_pt, files)


def _send(writer: FrameWriter, number: int, width_pt: float, height_pt: float, files: PageFiles) -> None:
    if files.placeholder:
        from bifolio.conversion.engine.placeholder import USUAL_SIZE_PT

        width_pt, height_pt = USUAL_SIZE_PT
    writer.send_page(number, round(width_pt, 2), round(height_pt, 2), files)
