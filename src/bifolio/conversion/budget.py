"""What one document may use up: time, bytes held for it, and child processes that die on it."""

import contextlib
import time
from collections.abc import Iterator

from bifolio.conversion.events import ConversionLimits

MAX_BYTES_BEFORE_PAGES = 64 << 20
MAX_BYTES_A_PAGE = 6 << 20
"""What an engine may send in all is the first of these plus the second for each page of the document."""


class Budget:
    """What is left of a document's limits."""

    def __init__(self, limits: ConversionLimits) -> None:
        self.left_s = limits.document_timeout_s
        self._page_timeout_s = limits.page_timeout_s
        self._left_deaths = limits.max_deaths
        self._left_bytes = 0
        self._lap_s = 0.0

    @property
    def frame_timeout_s(self) -> float:
        """How long the next frame may take."""
        return max(0.0, min(self._page_timeout_s, self.left_s))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Take the time of the block."""
        began = time.monotonic()
        try:
            yield
        finally:
            took_s = time.monotonic() - began
            self.left_s -= took_s
            self._lap_s += took_s

    def lap_s(self) -> float:
        """Seconds taken since the last lap."""
        lap_s, self._lap_s = self._lap_s, 0.0
        return lap_s

    def allow_pages(self, page_count: int) -> None:
        """Grant the bytes that a document of so many pages may need."""
        self._left_bytes = MAX_BYTES_BEFORE_PAGES + MAX_BYTES_A_PAGE * page_count

    def take_bytes(self, size_bytes: int) -> bool:
        """Take bytes; return whether there were as many left."""
        self._left_bytes -= size_bytes
        return self._left_bytes >= 0

    def take_death(self) -> bool:
        """Take the death of a child; return whether another may be tried."""
        self._left_deaths -= 1
        return self._left_deaths > 0
