"""Draws a page larger than it is kept, in tiles. Must not import PDFium or Pillow.

As with every engine, the thread that starts it must live until the iterator ends (see ``child``).
"""

import contextlib
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from bifolio.conversion import distrust
from bifolio.conversion.attempts import context_of
from bifolio.conversion.child import EngineChild, EngineDied, EngineTooSlow, Frame
from bifolio.conversion.context import TileOrder
from bifolio.conversion.events import ConversionLimits
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.levels import Size, TilePlace, grid_of, tile_size
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.standby import take_engine
from bifolio.kernel.errors import BifolioError

LEVEL_CPU_S = 20.0
"""As much as a page may take when it is converted; what was drawn until then is kept."""
_PATIENCE = 3.0
"""How many times longer it may take by the clock: what shares the processors is not the page's fault."""


class TilesRefused(BifolioError):
    """The page gives no tiles, or none in time: trying again would end alike. ``diagnostic`` is for logs."""

    def __init__(self, why: str, diagnostic: str = "") -> None:
        super().__init__(why)
        self.why, self.diagnostic = why, diagnostic


class TilesStopped(BifolioError):
    """Somebody has pulled the ``StopSwitch``."""


@dataclass(frozen=True, slots=True)
class WantedLevel:
    """A page of a document at a level of its tiles; ``first_row`` is drawn first."""

    kind: FileKind
    page: int
    size: Size
    extension: str
    first_row: int = 0
    password: str = field(default="", repr=False)


class StopSwitch:
    """Ends the engines that draw tiles, from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: set[EngineChild] = set()
        self.is_pulled = False

    def pull(self) -> None:
        """End those that run, and let none begin."""
        with self._lock:
            self.is_pulled = True
            for child in self._children:
                child.kill()

    @contextlib.contextmanager
    def guarding(self, child: EngineChild) -> Iterator[None]:
        """Let the switch end the child within the block. Raises TilesStopped."""
        with self._lock:
            if self.is_pulled:
                raise TilesStopped
            self._children.add(child)
        try:
            yield
        finally:
            with self._lock:
                self._children.discard(child)


def draw_tiles(
    document: int, wanted: WantedLevel, stop: StopSwitch, *, cpu_s: float = LEVEL_CPU_S
) -> Generator[tuple[TilePlace, bytes], None, None]:
    """Draw every tile of a level from the open descriptor ``document``, which stays the caller's.

    The wanted row comes first. Raises TilesRefused, TilesStopped, and what starting an engine does.
    """
    order = TileOrder(wanted.page, *wanted.size, wanted.first_row, wanted.extension)
    limits = ConversionLimits(page_timeout_s=cpu_s, document_timeout_s=cpu_s, max_pages=0)
    context = context_of("tiles", wanted.kind, limits, password=wanted.password)._replace(tiles=order)
    with take_engine(document, context) as child, stop.guarding(child):
        try:
            yield from _read_tiles(child, wanted, time.monotonic() + _PATIENCE * cpu_s)
        except (EngineDied, EngineTooSlow, distrust.FrameRefused) as error:
            if stop.is_pulled:
                raise TilesStopped from error
            child.close()
            raise TilesRefused(type(error).__name__, child.diagnostic) from error


def _read_tiles(
    child: EngineChild, wanted: WantedLevel, deadline: float
) -> Iterator[tuple[TilePlace, bytes]]:
    columns, rows = grid_of(wanted.size)
    missing = {TilePlace(column, row) for row in range(rows) for column in range(columns)}
    while missing:
        frame = _next(child, deadline)
        place, tile = distrust.read_tile(
            frame.metadata,
            frame.payload,
            extension=wanted.extension,
            size_of=lambda place: tile_size(wanted.size, place),
        )
        if place not in missing:
            raise distrust.FrameRefused("tile twice")
        missing.remove(place)
        yield place, tile


def _next(child: EngineChild, deadline: float) -> Frame:
    frame = child.read_frame(max(0.0, deadline - time.monotonic()))
    if frame.kind == FrameKind.FAILED:
        raise TilesRefused(distrust.read_failed(frame.metadata), child.diagnostic)
    if frame.kind != FrameKind.TILE:
        raise distrust.FrameRefused("frame order")
    return frame
