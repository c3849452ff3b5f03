"""Readers who wait for tiles: one drawing however many they are, and none of them for ever."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bifolio.conversion.levels import TilePlace, grid_of, levels_of
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.tiles import StopSwitch, TilesRefused, TilesStopped, WantedLevel
from bifolio.entry.tile_drawing import TileDrawings, TilesBusy, TileWish, Waiting
from bifolio.infra.storage import BlobMissing
from bifolio.infra.tile_cache import Level, TileCache, tile_cache
from bifolio.publishing.tiles import TiledPage

TOKEN = "a1b2c3d4e5f6a1b2c3d4e5f6"
LEVELS = levels_of(FileKind.PDF, 595, 842)
QUICK = Waiting(queue_s=0.3, request_s=20)

DRAW_ELSEWHERE = """
import sys
from pathlib import Path
from bifolio.infra.tile_cache import Level, tile_cache
cache = tile_cache(Path(sys.argv[1]), 8 << 20)
level = Level(sys.argv[2], 1, 3600)
assert cache.locks.try_lock(level.lock_number)
with cache.draft(level, 20) as draft:
    for line in sys.stdin:
        draft.add(int(line), b"drawn elsewhere")
        print("drawn", flush=True)
cache.locks.unlock(level.lock_number)
"""


class Drawer:
    """Stands in for the engine: draws a level each time when told to go on."""

    def __init__(self) -> None:
        self.wanted: list[WantedLevel] = []
        self.at_work = self.most_at_work = 0
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.fails_with: Exception | None = None
        self.rows_before_failure = 1
        self._lock = threading.Lock()

    def __call__(
        self, document: int, wanted: WantedLevel, stop: StopSwitch
    ) -> Generator[tuple[TilePlace, bytes], None, None]:
        assert document >= 0
        with self._lock:
            self.wanted.append(wanted)
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            columns, rows = grid_of(wanted.size)
            for count, row in enumerate(sorted(range(rows), key=lambda row: abs(row - wanted.first_row))):
                if self.fails_with is not None and count == self.rows_before_failure:
                    raise self.fails_with
                for column in range(columns):
                    yield TilePlace(column, row), f"{wanted.page} {column}-{row}".encode()
                while not self.goes_on.wait(0.01):
                    if stop.is_pulled:
                        raise TilesStopped
        finally:
            with self._lock:
                self.at_work -= 1


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def cache(tmp_path: Path) -> TileCache:
    return tile_cache(tmp_path, 8 << 20)


def open_nothing(_key: str) -> BinaryIO:
    return Path("/dev/null").open("rb")


def wish(page: int = 1, column: int = 0, row: int = 0, level: int = 0, token: str = TOKEN) -> TileWish:
    size = LEVELS[level]
    tiled = TiledPage(1, FileKind.PDF, page, LEVELS, "png", "originals/x/document.pdf", "")
    return TileWish(Level(token, page, size.width), tiled, size, TilePlace(column, row))


def run(cache: TileCache, drawer: Drawer, work: Callable[[TileDrawings], Any], **options: Any) -> Any:
    async def main() -> Any:
        drawings = TileDrawings(cache, options.pop("open_original", open_nothing), draw=drawer, **options)
        try:
            return await work(drawings)
        finally:
            await drawings.stop()

    return asyncio.run(main())


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def test_twenty_requests_for_a_page_are_one_drawing(cache: TileCache, drawer: Drawer) -> None:
    wishes = [wish(column=n % 4, row=n // 4) for n in range(20)]

    async def ask(drawings: TileDrawings) -> list[bytes | None]:
        return await asyncio.gather(*map(drawings.tile, wishes))

    answers = run(cache, drawer, ask)
    assert answers == [f"1 {w.place.column}-{w.place.row}".encode() for w in wishes]
    assert len(drawer.wanted) == 1
    assert cache.read(wish().level, 19, 20) == b"1 3-4"


def test_the_first_wish_says_which_row_comes_first(cache: TileCache, drawer: Drawer) -> None:
    run(cache, drawer, lambda drawings: drawings.tile(wish(row=3)))
    assert drawer.wanted[0].first_row == 3


def test_a_tile_is_there_before_its_level_is_done(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> None:
        assert await drawings.tile(wish(row=2)) == b"1 0-2"
        assert await drawings.tile(wish(column=3, row=2)) == b"1 3-2"
        waiting = asyncio.create_task(drawings.tile(wish(row=4)))
        await asyncio.sleep(0)
        assert not waiting.done()
        drawer.goes_on.set()
        assert await waiting == b"1 0-4"

    run(cache, drawer, ask)
    assert len(drawer.wanted) == 1


def test_few_are_drawn_at_once_and_the_others_in_turn(cache: TileCache, drawer: Drawer) -> None:
    async def ask(drawings: TileDrawings) -> list[bytes | None]:
        return await asyncio.gather(*(drawings.tile(wish(page)) for page in range(1, 9)))

    answers = run(cache, drawer, ask, at_once=2)
    assert answers == [f"{page} 0-0".encode() for page in range(1, 9)]
    assert drawer.most_at_work <= 2


def test_one_editions_slow_pages_leave_a_slot_to_another(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> None:
        assert await drawings.tile(wish(1)) == b"1 0-0"
        slow = [asyncio.create_task(drawings.tile(wish(1, row=4)))]
        slow += [asyncio.create_task(drawings.tile(wish(page))) for page in range(2, 5)]
        assert await drawings.tile(wish(7, token="b" * 24)) == b"7 0-0"
        assert [wanted.page for wanted in drawer.wanted] == [1, 7]
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(5))
        drawer.goes_on.set()
        assert await asyncio.gather(*slow) == [b"1 0-4", b"2 0-0", b"3 0-0", b"4 0-0"]

    run(cache, drawer, ask, at_once=2, waiting=Waiting(levels_of_edition=4))


def test_who_finds_the_queue_full_or_waits_too_long_hears_so(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()
    waiting = Waiting(queue_s=1.0, request_s=20, levels=2)

    async def ask(drawings: TileDrawings) -> None:
        assert await drawings.tile(wish(1)) == b"1 0-0"
        held = asyncio.create_task(drawings.tile(wish(1, row=4)))
        queued = asyncio.create_task(drawings.tile(wish(2)))
        await asyncio.sleep(0)
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(3))
        with pytest.raises(TilesBusy):
            await queued
        drawer.goes_on.set()
        assert await held == b"1 0-4"
        assert await drawings.tile(wish(2)) == b"2 0-0"

    run(cache, drawer, ask, at_once=1, waiting=waiting)


def test_a_slow_page_keeps_its_readers_for_a_while_only(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> None:
        await drawings.tile(wish(row=0))
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(row=4))

    run(cache, drawer, ask, waiting=Waiting(request_s=1.5))


def test_what_nobody_waits_for_any_more_is_not_drawn(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> None:
        assert await drawings.tile(wish(1)) == b"1 0-0"
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(2))
        drawer.goes_on.set()
        assert await drawings.tile(wish(3)) == b"3 0-0"

    run(cache, drawer, ask, at_once=1, waiting=Waiting(request_s=1.5))
    assert 2 not in [wanted.page for wanted in drawer.wanted]


def test_requests_beyond_the_bound_hear_so_at_once(cache: TileCache, drawer: Drawer) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> None:
        await drawings.tile(wish(row=0))
        held = [asyncio.create_task(drawings.tile(wish(column=n, row=4))) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(column=2, row=4))
        drawer.goes_on.set()
        assert await asyncio.gather(*held) == [b"1 0-4", b"1 1-4"]

    run(cache, drawer, ask, waiting=Waiting(requests=2))


def test_a_refused_page_is_not_drawn_again_and_keeps_what_it_gave(cache: TileCache, drawer: Drawer) -> None:
    drawer.fails_with = TilesRefused("EngineTooSlow")

    async def ask(drawings: TileDrawings) -> None:
        assert await drawings.tile(wish(row=4)) == b"1 0-4"
        assert await drawings.tile(wish(row=0)) is None
        await until(lambda: cache.is_refused(wish().level))
        assert await drawings.tile(wish(row=0)) is None
        assert await drawings.tile(wish(row=0)) is None

    run(cache, drawer, ask)
    assert len(drawer.wanted) == 1
    assert cache.read(wish().level, 16, 20) == b"1 0-4"


@pytest.mark.parametrize("failure", [OSError("no process left"), TilesStopped(), ValueError()])
def test_what_may_pass_is_not_held_against_the_page(
    cache: TileCache, drawer: Drawer, failure: Exception
) -> None:
    drawer.fails_with, drawer.rows_before_failure = failure, 0

    async def ask(drawings: TileDrawings) -> bytes | None:
        with pytest.raises(TilesBusy):
            await drawings.tile(wish(row=4))
        drawer.fails_with = None
        return await drawings.tile(wish(row=4))

    assert run(cache, drawer, ask) == b"1 0-4"
    assert not cache.is_refused(wish().level)


def test_a_lost_original_gives_no_tile(cache: TileCache, drawer: Drawer) -> None:
    def missing(key: str) -> BinaryIO:
        raise BlobMissing(key)

    assert run(cache, drawer, lambda drawings: drawings.tile(wish()), open_original=missing) is None
    assert not drawer.wanted


def test_the_end_of_the_process_leaves_nothing_half_drawn(
    cache: TileCache, drawer: Drawer, tmp_path: Path
) -> None:
    drawer.goes_on.clear()

    async def ask(drawings: TileDrawings) -> asyncio.Task[bytes | None]:
        await drawings.tile(wish(row=0))
        return asyncio.create_task(drawings.tile(wish(row=4)))

    waiting = run(cache, drawer, ask)
    assert isinstance(waiting.exception(), TilesBusy)
    assert list((tmp_path / "cache" / "tiles").iterdir()) == []
    assert not cache.is_refused(wish().level)
    assert cache.locks.try_lock(wish().level.lock_number)


@contextmanager
def drawing_elsewhere(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another web process that draws page 1: a tile for each number that it is told."""
    with subprocess.Popen(
        [sys.executable, "-c", DRAW_ELSEWHERE, str(data), TOKEN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        tell(process, 0)
        yield process
        process.kill()


def tell(process: subprocess.Popen[str], index: int) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{index}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "drawn\n"


def test_what_another_process_draws_is_waited_for(cache: TileCache, drawer: Drawer, tmp_path: Path) -> None:
    with drawing_elsewhere(tmp_path) as elsewhere:

        async def ask(drawings: TileDrawings) -> None:
            assert await drawings.tile(wish()) == b"drawn elsewhere"
            waiting = asyncio.create_task(drawings.tile(wish(column=1)))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            await asyncio.to_thread(tell, elsewhere, 1)
            assert await waiting == b"drawn elsewhere"

        run(cache, drawer, ask)
        assert not drawer.wanted


def test_what_another_process_died_over_is_drawn_here(
    cache: TileCache, drawer: Drawer, tmp_path: Path
) -> None:
    with drawing_elsewhere(tmp_path) as elsewhere:

        async def ask(drawings: TileDrawings) -> bytes | None:
            waiting = asyncio.create_task(drawings.tile(wish(column=1)))
            await asyncio.sleep(0.1)
            elsewhere.kill()
            return await waiting

        assert run(cache, drawer, ask) == b"1 1-0"
        assert len(drawer.wanted) == 1


def test_the_machine_draws_few_at_once_in_all_its_processes(
    cache: TileCache, drawer: Drawer, tmp_path: Path
) -> None:
    hold = "import sys; from pathlib import Path; from bifolio.infra.numbered_locks import NumberedLocks;"
    hold += "print(NumberedLocks(Path(sys.argv[1])).try_lock(0), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "run" / "tiles.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"

        async def ask(drawings: TileDrawings) -> bytes | None:
            with pytest.raises(TilesBusy):
                await drawings.tile(wish())
            other.kill()
            other.wait()
            return await drawings.tile(wish())

        assert run(cache, drawer, ask, at_once=1, waiting=QUICK) == b"1 0-0"
