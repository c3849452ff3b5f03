"""Tiles that were drawn once, in a folder that may be emptied at any time. No Django.

A file for each level of a page: ``.part`` while it is drawn, ``.tiles`` afterwards, ``.refused``
where it could not be. Together the files never have more bytes than the limit; those that were not
read for longest go first. All that adds bytes does so under one lock of this machine.
"""

import os
import re
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bifolio.infra.file_locks import exclusive_lock
from bifolio.infra.numbered_locks import NumberedLocks, numbered_locks
from bifolio.infra.private_folders import make_private_folder
from bifolio.infra.tile_file import TileWriter, read_tile

REFUSED_FOR_S = 60 * 60
REFUSALS_OF_EDITION = 3
"""After so many levels that could not be drawn, an edition is not tried any more for that time."""
_STEP_BYTES = 4 << 20
"""Room is made in steps, so that the folder is not listed for each tile."""
_FILE_NAME = re.compile(
    r"(?P<token>[a-z0-9]+)-(?P<page>[0-9]+)-(?P<width>[0-9]+)\.(?P<extension>tiles|part|refused)"
)
_FIRST_LEVEL_LOCK, _FIRST_EDITION_LOCK = 1 << 10, 1 << 60


class Level(NamedTuple):
    """A level of a page: the edition's token, the page's number, how many pixels wide it is drawn."""

    token: str
    page: int
    width_px: int

    @property
    def stem(self) -> str:
        """The name of its files, without extension."""
        return f"{self.token}-{self.page}-{self.width_px}"

    @property
    def lock_number(self) -> int:
        """The lock that whoever draws it holds; lower numbers are free for other uses."""
        return _FIRST_LEVEL_LOCK + _hash(self.stem)

    @property
    def edition_lock_number(self) -> int:
        """The first of the locks that share out how much of its edition is drawn at once."""
        return _FIRST_EDITION_LOCK + _hash(self.token)


class Draft:
    """A level that is being drawn."""

    def __init__(self, cache: "TileCache", writer: TileWriter) -> None:
        self._cache, self._writer = cache, writer
        self._reserved_bytes = 0
        self.is_empty = True
        self.has_room = self._reserve(writer.size_bytes)
        if self.has_room:
            writer.begin()

    def add(self, index: int, content: bytes) -> None:
        """Keep a tile. Where there is no room for it, neither it nor a later one is kept."""
        if self.has_room:
            self.has_room = self._reserve(self._writer.size_bytes + len(content))
        if self.has_room:
            try:
                self._writer.add(index, content)
            except OSError:
                self.has_room = False
            else:
                self.is_empty = False

    def finish(self) -> None:
        """Give back the room that was not needed."""
        self._writer.reserve(min(self._writer.size_bytes, self._reserved_bytes))

    def _reserve(self, size_bytes: int) -> bool:
        more_bytes = size_bytes - self._reserved_bytes
        if more_bytes <= 0:
            return True
        for step_bytes in (max(more_bytes, min(_STEP_BYTES, self._cache.limit_bytes // 8)), more_bytes):
            if self._cache.reserve(self._writer, self._reserved_bytes, step_bytes):
                self._reserved_bytes += step_bytes
                return True
        return False


class TileCache:
    """The files in ``folder``, ``limit_bytes`` together at most."""

    def __init__(self, folder: Path, limit_bytes: int, locks: NumberedLocks, lock_file: Path) -> None:
        self._folder, self.limit_bytes = folder, limit_bytes
        self.locks, self._lock_file = locks, lock_file

    def read(self, level: Level, index: int, tile_count: int) -> bytes | None:
        """Return a tile that has been drawn, also of a level that is just being drawn; else None."""
        for extension in (".tiles", ".part"):
            path = self._path(level, extension)
            with suppress(OSError):
                content = read_tile(path, index, tile_count)
                if content is not None:
                    os.utime(path, ns=(time.time_ns(),) * 2)
                    return content
        return None

    @contextmanager
    def draft(self, level: Level, tile_count: int) -> Iterator[Draft]:
        """Keep a level that the block draws, if it ends well. Its lock must be held."""
        make_private_folder(self._folder)
        part = self._path(level, ".part")
        writer = TileWriter(part, tile_count)
        try:
            draft = Draft(self, writer)
            yield draft
            if not draft.is_empty:
                draft.finish()
                with suppress(FileNotFoundError):
                    part.rename(self._path(level, ".tiles"))
        finally:
            writer.close()
            part.unlink(missing_ok=True)

    def reserve(self, writer: TileWriter, reserved_bytes: int, more_bytes: int) -> bool:
        """Let a file that counts as ``reserved_bytes`` grow, if so much can go that it fits."""
        with exclusive_lock(self._lock_file):
            if not self._make_room(more_bytes):
                return False
            writer.reserve(reserved_bytes + more_bytes)
            return True

    def refuse(self, level: Level) -> None:
        """Remember for an hour that a level cannot be drawn."""
        with suppress(OSError):
            make_private_folder(self._folder)
            self._path(level, ".refused").touch()

    def is_refused(self, level: Level) -> bool:
        """Whether this level, or too much of its edition, could not be drawn within the last hour."""
        own = self._path(level, ".refused").name
        refused = [entry.name for entry in self._entries() if _is_refusal(entry) and _is_young(entry)]
        of_edition = [name for name in refused if name.startswith(f"{level.token}-")]
        return own in refused or len(of_edition) >= REFUSALS_OF_EDITION

    def forget(self, token: str) -> None:
        """Delete what there is of an edition."""
        for entry in self._entries():
            if entry.name.startswith(f"{token}-"):
                _unlink(entry)

    def tokens(self) -> set[str]:
        """Return the editions of which there is anything."""
        return {entry.name.partition("-")[0] for entry in self._entries()}

    def sweep(self, living: Container[str]) -> None:
        """Delete what dead processes left behind, what is out of date, and what is of no living edition."""
        for entry in self._entries():
            is_of_living = entry.name.partition("-")[0] in living
            is_stale = _is_refusal(entry) and not _is_young(entry)
            if not is_of_living or is_stale or self._is_abandoned(entry.name):
                _unlink(entry)
        with exclusive_lock(self._lock_file):
            self._make_room(0)

    def _is_abandoned(self, name: str) -> bool:
        """Whether this is the part of a level that nobody draws any more, or no file of ours."""
        found = _FILE_NAME.fullmatch(name)
        if found is None or found["extension"] != "part":
            return found is None
        number = Level(found["token"], int(found["page"]), int(found["width"])).lock_number
        if not self.locks.try_lock(number):
            return False
        self.locks.unlock(number)
        return True

    def _make_room(self, more_bytes: int) -> bool:
        """Delete levels, those not read for longest first, until so much fits; tell whether it does."""
        kept: list[tuple[int, int, os.DirEntry[str]]] = []
        total_bytes = more_bytes
        for entry in self._entries():
            with suppress(FileNotFoundError):
                stat = entry.stat()
                total_bytes += stat.st_size
                if entry.name.endswith(".tiles"):
                    kept.append((stat.st_mtime_ns, stat.st_size, entry))
        if total_bytes - sum(size_bytes for _, size_bytes, _ in kept) > self.limit_bytes:
            return False
        for _, size_bytes, entry in sorted(kept, key=lambda known: known[0]):
            if total_bytes <= self.limit_bytes:
                break
            _unlink(entry)
            total_bytes -= size_bytes
        return True

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._folder) as entries:
                return list(entries)
        except FileNotFoundError:
            return []

    def _path(self, level: Level, extension: str) -> Path:
        return self._folder / f"{level.stem}{extension}"


def tile_cache(data: Path, limit_bytes: int) -> TileCache:
    """Return the cache of the installation whose data folder this is."""
    locks = numbered_locks(data / "run" / "tiles.lock")
    return TileCache(data / "cache" / "tiles", limit_bytes, locks, data / "run" / "tile-cache.lock")


def _hash(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:7])


def _is_refusal(entry: "os.DirEntry[str]") -> bool:
    return entry.name.endswith(".refused")


def _is_young(entry: "os.DirEntry[str]") -> bool:
    with suppress(FileNotFoundError):
        return time.time() - entry.stat().st_mtime < REFUSED_FOR_S
    return False


def _unlink(entry: "os.DirEntry[str]") -> None:
    with suppress(FileNotFoundError):
        Path(entry.path).unlink()
