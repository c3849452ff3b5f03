"""Has levels of pages drawn for readers who wait: each once on this machine, and few at a time.

Requests wait on the event loop, which is never blocked; a thread for each drawing listens to its
engine. Locks of this machine keep the web processes from drawing the same, or too much at once.
"""

import asyncio
import os
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import BinaryIO

import structlog

from bifolio.conversion.levels import Size, TilePlace, grid_of
from bifolio.conversion.tiles import StopSwitch, TilesRefused, TilesStopped, WantedLevel, draw_tiles
from bifolio.infra.storage import BlobMissing
from bifolio.infra.tile_cache import Level, TileCache
from bifolio.kernel.errors import BifolioError
from bifolio.publishing.tiles import TiledPage

log = structlog.get_logger(__name__)

DrawTiles = Callable[[int, WantedLevel, StopSwitch], Generator[tuple[TilePlace, bytes], None, None]]
Open = Callable[[str], BinaryIO]
"""Opens an original by its key in the store. Raises BlobMissing."""
RETRY_AFTER_S = 5
_POLL_S = 0.05


class TilesBusy(BifolioError):
    """The tile cannot be drawn within the time that a reader waits; it can be later."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much may wait. Times in seconds; the counts are those of one web process."""

    queue_s: float = 15.0
    request_s: float = 20.0
    levels: int = 24
    levels_of_edition: int = 12
    requests: int = 256


@dataclass(frozen=True, slots=True)
class TileWish:
    """A tile that some reader wants."""

    level: Level
    page: TiledPage
    size: Size
    place: TilePlace

    @property
    def tile_count(self) -> int:
        """How many tiles its level has."""
        columns, rows = grid_of(self.size)
        return columns * rows

    @property
    def names(self) -> dict[str, int]:
        """What a log calls its level. Not by the token, which opens it to whoever reads the log."""
        return {"edition": self.page.edition_id, "page": self.page.number, "width_px": self.size.width}

    def index_of(self, place: TilePlace) -> int:
        """Where a tile of its level is among all."""
        return place.row * grid_of(self.size)[0] + place.column


class _Drawing:
    """A level on its way, asked for by ``wish``: who waits for which tile, and which are made."""

    def __init__(self, wish: TileWish) -> None:
        self.wish = wish
        self.waiting: dict[TilePlace, asyncio.Future[bytes | None]] = {}
        self.requests = 0
        self.made: set[TilePlace] = set()

    def wait_for(self, place: TilePlace) -> asyncio.Future[bytes | None]:
        if place not in self.waiting:
            self.waiting[place] = asyncio.get_running_loop().create_future()
        return self.waiting[place]

    def deliver(self, place: TilePlace, content: bytes) -> None:
        self.made.add(place)
        future = self.waiting.pop(place, None)
        if future is not None:
            future.set_result(content)

    def end(self, error: BifolioError | None) -> None:
        """Tell those that still wait that there is no tile, or no time for it."""
        for future in self.waiting.values():
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
                future.exception()  # Looked at here, because its reader may have gone meanwhile.
        self.waiting.clear()


class TileDrawings:
    """All drawings of this process. Its coroutines belong to one event loop."""

    def __init__(
        self,
        cache: TileCache,
        open_original: Open,
        *,
        at_once: int = max(2, (os.cpu_count() or 1) // 2),
        waiting: Waiting = Waiting(),
        draw: DrawTiles = draw_tiles,
    ) -> None:
        self._cache, self._open, self._draw_tiles = cache, open_original, draw
        self._slots, self._waiting = range(at_once), waiting
        # The kernel ends an engine with the thread that started it: these live as long as the process.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="drawing")
        self._stop = StopSwitch()
        self._turn = asyncio.Lock()
        self._drawings: dict[Level, _Drawing] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._requests = 0

    async def tile(self, wish: TileWish) -> bytes | None:
        """Return a tile that was not there a moment ago; None where the page gives none. Raises TilesBusy."""
        drawing = self._drawings.get(wish.level) or self._begin(wish)
        if wish.place in drawing.made:
            return await self._read(wish, wish.place)
        if self._requests >= self._waiting.requests:
            raise TilesBusy
        self._requests += 1
        drawing.requests += 1
        try:
            async with asyncio.timeout(self._waiting.request_s):
                return await asyncio.shield(drawing.wait_for(wish.place))
        except TimeoutError:
            raise TilesBusy from None
        finally:
            self._requests -= 1
            drawing.requests -= 1

    async def stop(self) -> None:
        """End all drawings; nothing is left of them."""
        self._stop.pull()
        await asyncio.gather(*self._tasks)
        self._threads.shutdown()

    def _begin(self, wish: TileWish) -> _Drawing:
        of_edition = sum(level.token == wish.level.token for level in self._drawings)
        if len(self._drawings) >= self._waiting.levels or of_edition >= self._waiting.levels_of_edition:
            raise TilesBusy
        drawing = self._drawings[wish.level] = _Drawing(wish)
        task = asyncio.create_task(self._run(drawing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return drawing

    async def _run(self, drawing: _Drawing) -> None:
        error: BifolioError | None = None
        try:
            async with AsyncExitStack() as held:
                if await self._prepare(held, drawing):
                    loop = asyncio.get_running_loop()
                    row = next(iter(drawing.waiting), drawing.wish.place).row
                    await loop.run_in_executor(self._threads, self._draw, drawing, row, loop)
        except BlobMissing:
            error = None
        except (TimeoutError, TilesStopped):
            error = TilesBusy()
        except Exception:
            # Whatever keeps an engine from starting, or a disk from being read: it may pass.
            log.exception("tiles_not_drawn", **drawing.wish.names)
            error = TilesBusy()
        finally:
            del self._drawings[drawing.wish.level]
            drawing.end(error)

    async def _prepare(self, held: AsyncExitStack, drawing: _Drawing) -> bool:
        """Take what a drawing needs; tell whether it is still needed then."""
        level = drawing.wish.level
        while not self._try_take(held, [level.lock_number]):
            await self._wait()
            await self._deliver_made(drawing)
        await self._deliver_made(drawing)
        if not drawing.waiting or await asyncio.to_thread(self._cache.is_refused, level):
            return False
        async with asyncio.timeout(self._waiting.queue_s):
            await self._queue(held, level)
        return drawing.requests > 0

    async def _queue(self, held: AsyncExitStack, level: Level) -> None:
        """Take a share of the edition and a slot. An edition whose pages are slow leaves slots to others."""
        first = level.edition_lock_number
        while not self._try_take(held, range(first, first + max(1, len(self._slots) - 1))):
            await self._wait()
        async with self._turn:
            while not self._try_take(held, self._slots):
                await self._wait()

    def _try_take(self, held: AsyncExitStack, numbers: Iterable[int]) -> bool:
        """Hold one of the locks of this machine with ``held``, if one is free."""
        for number in numbers:
            if self._cache.locks.try_lock(number):
                held.callback(self._cache.locks.unlock, number)
                return True
        return False

    async def _wait(self) -> None:
        if self._stop.is_pulled:
            raise TilesStopped
        await asyncio.sleep(_POLL_S)

    async def _deliver_made(self, drawing: _Drawing) -> None:
        """Hand out what another process has drawn meanwhile."""
        for place in list(drawing.waiting):
            content = await asyncio.to_thread(self._read_now, drawing.wish, place)
            if content is not None:
                drawing.deliver(place, content)

    async def _read(self, wish: TileWish, place: TilePlace) -> bytes:
        content = await asyncio.to_thread(self._read_now, wish, place)
        if content is None:
            raise TilesBusy
        return content

    def _read_now(self, wish: TileWish, place: TilePlace) -> bytes | None:
        return self._cache.read(wish.level, wish.index_of(place), wish.tile_count)

    def _draw(self, drawing: _Drawing, first_row: int, loop: asyncio.AbstractEventLoop) -> None:
        """Draw the level in this thread. What was drawn of a page that is refused is kept as well."""
        wish = drawing.wish
        page = wish.page
        wanted = WantedLevel(page.kind, page.number, wish.size, page.extension, first_row, page.password)
        with (
            self._open(page.original) as document,
            self._cache.draft(wish.level, wish.tile_count) as draft,
        ):
            began_at = time.monotonic()
            try:
                for place, content in self._draw_tiles(document.fileno(), wanted, self._stop):
                    draft.add(wish.index_of(place), content)
                    loop.call_soon_threadsafe(drawing.deliver, place, content)
                took_s = round(time.monotonic() - began_at, 2)
                log.info("tiles_drawn", **wish.names, tiles=wish.tile_count, duration_s=took_s)
            except TilesRefused as refused:
                self._cache.refuse(wish.level)
                log.warning("tiles_refused", **wish.names, why=refused.why, diagnostic=refused.diagnostic)
