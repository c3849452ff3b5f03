"""Count and convert documents: what the rest of Bifolio calls. Must not import PDFium or Pillow."""

import contextlib
import functools
import importlib.metadata
import os
import time
from collections.abc import Collection, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from bifolio.conversion import distrust
from bifolio.conversion.child import EngineChild, EngineDied, EngineTooSlow, Frame
from bifolio.conversion.context import EngineContext, PendingPlaceholder, to_ranges
from bifolio.conversion.events import (
    ConversionEvent,
    ConversionLimits,
    CountTimedOut,
    DocumentFailed,
    DocumentRefused,
    PageConverted,
)
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.reasons import FailureReason, FileKind, PlaceholderReason

Source = Path | BinaryIO

MAX_BYTES_BEFORE_PAGES = 64 << 20
MAX_BYTES_A_PAGE = 6 << 20
"""What an engine may send in all is the first of these plus the second for each page of the document."""


def count_pages(source: Source, kind: FileKind, *, deadline_s: float) -> int:
    """Pages of the document, counted in a child process that lives ``deadline_s`` seconds at most.

    ``source`` is the path of a regular file, or one opened for reading (its position is not used).
    Raises DocumentRefused when it cannot be opened, CountTimedOut when counting does not end.
    """
    limits = ConversionLimits(page_timeout_s=deadline_s, document_timeout_s=deadline_s)
    context = _context("count", kind, limits)
    with _opened(source) as document, EngineChild(document, context) as child:
        try:
            frame = child.read_frame(deadline_s)
            if frame.kind == FrameKind.COUNTED:
                return distrust.read_counted(frame.metadata)
            raise DocumentRefused(distrust.read_failed(frame.metadata))
        except EngineTooSlow:
            raise CountTimedOut(deadline_s) from None
        except (EngineDied, distrust.FrameRefused):
            raise DocumentRefused(FailureReason.CRASHED_REPEATEDLY) from None


def convert(
    source: Source, kind: FileKind, *, limits: ConversionLimits, done: Collection[int] = ()
) -> Generator[ConversionEvent, None, None]:
    """Convert the pages that are not in ``done``, in order: DocumentOpened, then a PageConverted each.

    Each next() may wait for the child process that does the work. Closing the iterator ends the
    child. Raises DocumentFailed when the document cannot become a whole book; pages yielded before
    stay good. Must be driven by one thread that outlives the conversion (see ``child``).
    """
    with _opened(source) as document:
        yield from _Conversion(document, kind, limits, done).run()


class _Conversion:
    """One document on its way through as many children as it takes."""

    def __init__(
        self, document: int, kind: FileKind, limits: ConversionLimits, done: Collection[int]
    ) -> None:
        self._document = document
        self._kind = kind
        self._limits = limits
        self._done = frozenset(done)
        self._left_s = limits.document_timeout_s
        self._left_bytes = 0
        self._page_count = 0
        self._deaths = 0
        self._next = self._skip(1)
        self._started: distrust.Started | None = None
        self._pending: tuple[PendingPlaceholder, ...] = ()
        self._has_real_page = bool(self._done)

    def run(self) -> Iterator[ConversionEvent]:
        """All events of the document."""
        is_over = False
        while not is_over:
            context = self._next_context()
            with EngineChild(self._document, context) as child:
                try:
                    yield from self._listen(child, context)
                    is_over = True
                except (EngineDied, distrust.FrameRefused):
                    self._bury(child, PlaceholderReason.CRASHED)
                except EngineTooSlow:
                    self._bury(child, PlaceholderReason.OUT_OF_TIME)
        if not self._has_real_page:
            raise DocumentFailed(FailureReason.NO_PAGE_RENDERED)

    def _next_context(self) -> EngineContext:
        is_past_the_end = 0 < self._page_count < self._next
        return _context(
            "placeholders" if is_past_the_end else "convert",
            self._kind,
            self._limits,
            first_page=self._next,
            done=to_ranges(self._done),
            announce=self._page_count == 0,
            placeholders=self._pending,
        )

    def _listen(self, child: EngineChild, context: EngineContext) -> Iterator[ConversionEvent]:
        """Events of one child until it is done; raises when it is not to be believed or waited for."""
        for pending in self._pending:
            page = self._read_page(self._read(child, FrameKind.PAGE), pending.number)
            self._pending = self._pending[1:]
            yield page
        if context.mode == "placeholders":
            return
        yield from self._read_opened(child)
        while self._next <= self._page_count:
            self._started = distrust.read_started(self._read(child, FrameKind.STARTED).metadata)
            page = self._read_page(self._read(child, FrameKind.PAGE), self._next)
            self._has_real_page |= page.placeholder is None
            self._next = self._skip(self._next + 1)
            self._started = None
            yield page

    def _read_opened(self, child: EngineChild) -> Iterator[ConversionEvent]:
        frame = self._read(child, FrameKind.OPENED)
        opened = distrust.read_opened(
            frame.metadata, max_pages=self._limits.max_pages, engine_version=engine_version()
        )
        if self._page_count == 0:
            self._page_count = opened.page_count
            self._left_bytes = MAX_BYTES_BEFORE_PAGES + MAX_BYTES_A_PAGE * opened.page_count
            yield opened
        elif opened.page_count != self._page_count:
            raise distrust.FrameRefused("page count")

    def _read_page(self, frame: Frame, number: int) -> PageConverted:
        self._left_bytes -= frame.size_bytes
        if self._left_bytes < 0:
            raise distrust.FrameRefused("total size")
        return distrust.read_page(frame.metadata, frame.payload, number=number, page_count=self._page_count)

    def _read(self, child: EngineChild, expected: FrameKind) -> Frame:
        """The next frame, which must be ``expected``, within the time left for the page and the document."""
        began = time.monotonic()
        try:
            frame = child.read_frame(max(0.0, min(self._limits.page_timeout_s, self._left_s)))
        finally:
            self._left_s -= time.monotonic() - began
        if frame.kind == FrameKind.FAILED:
            raise DocumentFailed(distrust.read_failed(frame.metadata), diagnostic=child.diagnostic)
        if frame.kind != expected:
            raise distrust.FrameRefused("frame order")
        return frame

    def _bury(self, child: EngineChild, reason: PlaceholderReason) -> None:
        """Note which page ended the child, or give the document up. A page is never tried twice."""
        child.close()
        self._deaths += 1
        page = self._next if self._page_count else None
        failure = self._verdict(reason)
        if failure is not None:
            raise DocumentFailed(failure, page=page, diagnostic=child.diagnostic) from None
        if self._page_count and not self._pending and self._next <= self._page_count:
            size_pt = (self._started.width_pt, self._started.height_pt) if self._started else (0.0, 0.0)
            self._pending = (PendingPlaceholder(self._next, *size_pt, reason),)
            self._next = self._skip(self._next + 1)
            self._started = None

    def _verdict(self, reason: PlaceholderReason) -> FailureReason | None:
        is_slow_to_open = self._page_count == 0 and reason == PlaceholderReason.OUT_OF_TIME
        if self._left_s <= 0 or is_slow_to_open:
            return FailureReason.OUT_OF_TIME
        return FailureReason.CRASHED_REPEATEDLY if self._deaths >= self._limits.max_deaths else None

    def _skip(self, number: int) -> int:
        while number in self._done:
            number += 1
        return number


def _context(
    mode: str,
    kind: FileKind,
    limits: ConversionLimits,
    *,
    first_page: int = 1,
    done: tuple[tuple[int, int], ...] = (),
    announce: bool = True,
    placeholders: tuple[PendingPlaceholder, ...] = (),
) -> EngineContext:
    return EngineContext(
        mode,
        kind,
        os.getpid(),
        limits.memory_bytes,
        limits.page_timeout_s,
        limits.document_timeout_s,
        limits.max_pages,
        first_page,
        done,
        announce,
        placeholders,
    )


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[int]:
    """A descriptor of the document; closed afterwards if it was opened here."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file.fileno()
    else:
        yield source.fileno()


@functools.cache
def engine_version() -> str:
    """Which engine draws the pages, as a record of an edition."""
    return f"pypdfium2 {importlib.metadata.version('pypdfium2')}"
