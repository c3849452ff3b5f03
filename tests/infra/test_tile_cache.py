"""Tiles that are kept: whole or not at all, the last used longest, never more than there is room for."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bifolio.infra.file_locks import exclusive_lock
from bifolio.infra.numbered_locks import NumberedLocks
from bifolio.infra.tile_cache import REFUSALS_OF_EDITION, REFUSED_FOR_S, Level, TileCache, tile_cache

MB = 1 << 20
TOKEN = "a1b2c3d4e5f6a1b2c3d4e5f6"

FILL = """
import os, sys
from pathlib import Path
from bifolio.infra.tile_cache import Level, tile_cache
cache = tile_cache(Path(sys.argv[1]), int(sys.argv[2]))
for number in range(1, 30):
    with cache.draft(Level(sys.argv[3], number, 3600), 4) as draft:
        for index in range(4):
            draft.add(index, os.urandom(100_000))
print("filled")
"""
DIE = """
import os, sys
from pathlib import Path
from bifolio.infra.tile_cache import Level, tile_cache
cache = tile_cache(Path(sys.argv[1]), 8 << 20)
level = Level(sys.argv[2], 1, 3600)
assert cache.locks.try_lock(level.lock_number)
with cache.draft(level, 4) as draft:
    draft.add(2, b"half" * 1000)
    print("begun", flush=True)
    sys.stdin.read()
"""


def page(number: int, token: str = TOKEN) -> Level:
    return Level(token, number, 3600)


def keep(cache: TileCache, level: Level, *tiles: bytes) -> None:
    with cache.draft(level, len(tiles)) as draft:
        for index, tile in enumerate(tiles):
            draft.add(index, tile)


def size_of(data: Path) -> int:
    total = 0
    for path in (data / "cache" / "tiles").glob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def names(data: Path) -> set[str]:
    return {path.name for path in (data / "cache" / "tiles").iterdir()}


def test_a_tile_comes_back_as_it_was_also_while_others_are_missing(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    assert cache.read(page(1), 0, 3) is None
    with cache.draft(page(1), 3) as draft:
        draft.add(2, b"third")
        assert cache.read(page(1), 2, 3) == b"third"
        assert cache.read(page(1), 0, 3) is None
    assert cache.read(page(1), 2, 3) == b"third"
    assert cache.read(page(1), 0, 3) is None
    assert cache.read(page(1), 2, 4) is None
    assert names(tmp_path) == {f"{TOKEN}-1-3600.tiles"}


def test_a_drawing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    with pytest.raises(ZeroDivisionError), cache.draft(page(1), 3) as draft:
        draft.add(0, bytes(1 // 0))
    with cache.draft(page(2), 3):
        pass
    assert names(tmp_path) == set()


def test_damage_is_as_good_as_missing(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    keep(cache, page(1), b"one" * 100, b"two" * 100)
    path = tmp_path / "cache" / "tiles" / f"{page(1).stem}.tiles"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"!")
    assert cache.read(page(1), 0, 2) == b"one" * 100
    assert cache.read(page(1), 1, 2) is None
    for length in (0, 7, 30, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert cache.read(page(1), 1, 2) is None


def test_what_was_not_read_for_longest_goes_first(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    for number in (1, 2, 3):
        keep(cache, page(number), os.urandom(300_000))
    assert cache.read(page(1), 0, 1)
    keep(cache, page(4), os.urandom(300_000))
    assert [number for number in (1, 2, 3, 4) if cache.read(page(number), 0, 1)] == [1, 3, 4]


def test_a_level_that_finds_no_room_is_kept_as_far_as_it_fits(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    keep(cache, page(1), *[bytes([n]) * 300_000 for n in range(1, 6)])
    assert [cache.read(page(1), index, 5) is not None for index in range(5)] == [True] * 3 + [False] * 2
    assert size_of(tmp_path) <= MB


def test_the_bound_holds_at_every_moment_with_several_processes(tmp_path: Path) -> None:
    limit = 3 * MB
    commands = [[sys.executable, "-c", FILL, str(tmp_path), str(limit), f"{n}" * 24] for n in range(3)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in commands]
    largest = 0
    while any(process.poll() is None for process in processes):
        largest = max(largest, size_of_at_once(tmp_path))
    assert [process.communicate()[0] for process in processes] == [b"filled\n"] * 3
    assert 2 * MB < size_of(tmp_path) <= limit
    assert largest <= limit
    assert all(name.endswith(".tiles") for name in names(tmp_path))


def size_of_at_once(data: Path) -> int:
    """The bytes of all files, none of which changes meanwhile."""
    with exclusive_lock(data / "run" / "tile-cache.lock"):
        return size_of(data)


def test_threads_share_the_bound(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)

    def fill(token: str) -> None:
        for number in range(10):
            keep(cache, page(number, token), os.urandom(100_000))

    threads = [threading.Thread(target=fill, args=[f"{n}" * 24]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert MB // 2 < size_of(tmp_path) <= MB


def test_the_folder_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    keep(cache, page(1), b"one")
    with cache.draft(page(2), 2) as draft:
        draft.add(0, b"first")
        shutil.rmtree(tmp_path / "cache")
        draft.add(1, b"second")
        assert not cache.is_refused(page(2))
        cache.forget(TOKEN)
    assert cache.read(page(1), 0, 1) is None
    keep(cache, page(3), b"three")
    assert cache.read(page(3), 0, 1) == b"three"


def test_a_full_disk_costs_nobody_more_than_the_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tile_cache(tmp_path, MB)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with cache.draft(page(1), 3) as draft:
        draft.add(0, b"first")
        monkeypatch.setattr(os, "pwrite", full)
        draft.add(1, b"second")
        draft.add(2, b"third")
    assert cache.read(page(1), 0, 3) == b"first"
    assert cache.read(page(1), 1, 3) is None


def test_refusals_are_remembered_for_a_while_and_end_an_edition(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    for number in range(1, REFUSALS_OF_EDITION + 1):
        assert not cache.is_refused(page(number))
        cache.refuse(page(number))
        assert cache.is_refused(page(number))
    assert cache.is_refused(page(99))
    assert not cache.is_refused(page(1, "b" * 24))
    old = REFUSED_FOR_S + 1
    for path in (tmp_path / "cache" / "tiles").iterdir():
        os.utime(path, (path.stat().st_mtime - old,) * 2)
    assert not cache.is_refused(page(1))
    cache.sweep({TOKEN})
    assert names(tmp_path) == set()


def test_a_sweep_takes_what_the_dead_left_and_spares_who_draws(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DIE, str(tmp_path), TOKEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"begun\n"
        cache = tile_cache(tmp_path, 8 * MB)
        cache.sweep({TOKEN})
        assert names(tmp_path) == {f"{TOKEN}-1-3600.part"}
        assert cache.read(page(1), 2, 4) == b"half" * 1000
        other.kill()
    keep(cache, page(2), b"two")
    keep(cache, page(3, "b" * 24), b"three")
    (tmp_path / "cache" / "tiles" / f"{TOKEN}-strange").touch()
    cache.sweep({TOKEN})
    assert names(tmp_path) == {f"{TOKEN}-2-3600.tiles"}


def test_a_lower_limit_holds_from_the_next_sweep_on(tmp_path: Path) -> None:
    cache = tile_cache(tmp_path, MB)
    for number in (1, 2, 3):
        keep(cache, page(number), os.urandom(300_000))
    tile_cache(tmp_path, MB // 2).sweep({TOKEN})
    assert names(tmp_path) == {f"{TOKEN}-3-3600.tiles"}
    assert cache.tokens() == {TOKEN}


def test_forgetting_an_edition_spares_the_others(tmp_path: Path) -> None:
    cache = TileCache(
        tmp_path / "cache" / "tiles", MB, NumberedLocks(tmp_path / "run" / "l"), tmp_path / "run" / "c"
    )
    keep(cache, page(1), b"one")
    keep(cache, page(1, "b" * 24), b"other")
    cache.forget(TOKEN)
    assert cache.tokens() == {"b" * 24}
