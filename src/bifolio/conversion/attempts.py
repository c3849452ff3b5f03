"""One document, or a range of its pages, on its way through as many children as it takes.

Must not import PDFium or Pillow.
"""

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

from bifolio.conversion import distrust
from bifolio.conversion.budget import Budget
from bifolio.conversion.child import EngineChild, EngineDied, EngineTooSlow, Frame
from bifolio.conversion.context import EngineContext, PendingPlaceholder, to_ranges
from bifolio.conversion.events import (
    ConversionEvent,
    ConversionLimits,
    DocumentFailed,
    EngineLost,
    PageConverted,
    PageRange,
)
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.reasons import FailureReason, FileKind, PlaceholderReason
from bifolio.conversion.standby import take_engine


class Task(NamedTuple):
    """What is to be converted. ``document`` is an open descriptor; 0 pages means not known yet.

    ``pages`` None means all of them. ``done`` are pages that need not be converted again.
    """

    document: int
    kind: FileKind
    limits: ConversionLimits
    engine_version: str
    done: frozenset[int] = frozenset()
    pages: PageRange | None = None
    page_count: int = 0
    password: str = ""


class Attempts:
    """The children that a task takes, one after another: each goes on behind the page that cost the last."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._budget = Budget(task.limits)
        self._page_count = 0
        self._next = self._skip(task.pages.first if task.pages else 1)
        self._started: distrust.Started | None = None
        self._pending: tuple[PendingPlaceholder, ...] = ()
        self._opening_s = 0.0
        self._has_real_page = bool(task.done)
        if task.page_count:
            self._note_page_count(task.page_count)

    @property
    def _last(self) -> int:
        """The last page to convert; 0 until the number of pages is known."""
        return min(self._task.pages.last, self._page_count) if self._task.pages else self._page_count

    def run(self) -> Iterator[ConversionEvent]:
        """All events of the task. Raises DocumentFailed."""
        is_over = False
        while not is_over:
            context = self._next_context()
            with take_engine(self._task.document, context) as child:
                try:
                    yield from self._listen(child, context)
                    is_over = True
                except (EngineDied, distrust.FrameRefused):
                    lost = self._bury(child, PlaceholderReason.CRASHED)
                except EngineTooSlow:
                    lost = self._bury(child, PlaceholderReason.OUT_OF_TIME)
            if not is_over:
                yield lost
        if self._task.pages is None and not self._has_real_page:
            raise DocumentFailed(FailureReason.NO_PAGE_RENDERED)

    def _next_context(self) -> EngineContext:
        is_past_the_end = 0 < self._last < self._next
        context = context_of(
            "placeholders" if is_past_the_end else "convert",
            self._task.kind,
            self._task.limits,
            password=self._task.password,
        )
        return context._replace(
            first_page=self._next,
            last_page=self._task.pages.last if self._task.pages else 0,
            done=to_ranges(self._task.done),
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
        while self._next <= self._last:
            self._started = distrust.read_started(self._read(child, FrameKind.STARTED).metadata)
            page = self._read_page(self._read(child, FrameKind.PAGE), self._next)
            self._has_real_page |= page.placeholder is None
            self._next = self._skip(self._next + 1)
            self._started = None
            yield dataclasses.replace(page, opening_s=self._take_opening_s())

    def _read_opened(self, child: EngineChild) -> Iterator[ConversionEvent]:
        frame = self._read(child, FrameKind.OPENED)
        self._opening_s = self._budget.lap_s()
        opened = distrust.read_opened(
            frame.metadata, max_pages=self._task.limits.max_pages, engine_version=self._task.engine_version
        )
        if self._page_count == 0:
            self._note_page_count(opened.page_count)
            yield opened
        elif opened.page_count != self._page_count:
            raise distrust.FrameRefused("page count")

    def _note_page_count(self, page_count: int) -> None:
        self._page_count = page_count
        self._budget.allow_pages(page_count)

    def _read_page(self, frame: Frame, number: int) -> PageConverted:
        if not self._budget.take_bytes(frame.size_bytes):
            raise distrust.FrameRefused("total size")
        page = distrust.read_page(frame.metadata, frame.payload, number=number, page_count=self._page_count)
        return dataclasses.replace(page, took_s=self._budget.lap_s())

    def _read(self, child: EngineChild, expected: FrameKind) -> Frame:
        """The next frame, which must be ``expected``, within the time left for the page and the document."""
        with self._budget.running():
            frame = child.read_frame(self._budget.frame_timeout_s)
        if frame.kind == FrameKind.FAILED:
            raise DocumentFailed(distrust.read_failed(frame.metadata), diagnostic=child.diagnostic)
        if frame.kind != expected:
            raise distrust.FrameRefused("frame order")
        return frame

    def _bury(self, child: EngineChild, reason: PlaceholderReason) -> EngineLost:
        """Note which page ended the child, or give the document up. A page is never tried twice."""
        child.close()
        page = self._next if self._page_count else None
        failure = self._verdict(reason)
        if failure is not None:
            raise DocumentFailed(failure, page=page, diagnostic=child.diagnostic) from None
        if self._page_count and not self._pending and self._next <= self._last:
            size_pt = (self._started.width_pt, self._started.height_pt) if self._started else (0.0, 0.0)
            self._pending = (PendingPlaceholder(self._next, *size_pt, reason),)
            self._next = self._skip(self._next + 1)
            self._started = None
        took_s = self._take_opening_s() + self._budget.lap_s()
        return EngineLost(page, reason, took_s, child.diagnostic)

    def _take_opening_s(self) -> float:
        """What the engine's start and the opening took, told with its first page only."""
        opening_s, self._opening_s = self._opening_s, 0.0
        return opening_s

    def _verdict(self, reason: PlaceholderReason) -> FailureReason | None:
        may_try_again = self._budget.take_death()
        is_slow_to_open = self._page_count == 0 and reason == PlaceholderReason.OUT_OF_TIME
        if self._budget.left_s <= 0 or is_slow_to_open:
            return FailureReason.OUT_OF_TIME
        return None if may_try_again else FailureReason.CRASHED_REPEATEDLY

    def _skip(self, number: int) -> int:
        while number in self._task.done:
            number += 1
        return number


def context_of(mode: str, kind: FileKind, limits: ConversionLimits, *, password: str) -> EngineContext:
    """What an engine is told in any case."""
    return EngineContext(
        mode,
        kind,
        limits.memory_bytes,
        limits.page_timeout_s,
        limits.document_timeout_s,
        limits.max_pages,
        password=password,
    )
