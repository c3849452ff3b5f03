"""Hold the state of one instant still, while the installation goes on: database copy and hard links."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bifolio.cli.archive.contents import FILES, INDEX, NamedFile, Query, named_files, write_index
from bifolio.cli.archive.databases import consistent_copy
from bifolio.cli.errors import BackupIsRunning
from bifolio.infra.disk import link_or_copy
from bifolio.infra.file_locks import exclusive_lock

_MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder with the database's copy, the index and the files; sizes in bytes by key.

    ``missing`` are files that the database names and the store has lost.
    """

    folder: Path
    sizes: dict[str, int]
    missing: list[str]


@contextmanager
def snapshot(data: Path) -> Iterator[Snapshot]:
    """Yield a snapshot that is gone afterwards. Raises BackupIsRunning."""
    # Below the store, so that the links cross no device; no key of the store begins with a dot.
    folder = data / "files" / ".backup"
    with exclusive_lock(data / "run" / "backup.lock", taken=BackupIsRunning()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        try:
            yield _take(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _take(folder: Path) -> Snapshot:
    """Copy database and links until they agree.

    Files are whole before a row names them, so only a deletion between the two can part them,
    and then another round agrees. What two rounds in a row miss is lost.
    """
    lost: list[str] = []
    for _ in range(_MOST_ROUNDS):
        with consistent_copy(folder) as query:
            found = _link_named(folder, query)
        missing = sorted(key for key, size_bytes in found.items() if size_bytes is None)
        if not missing or missing == lost:
            break
        lost = missing
    sizes = {key: size_bytes for key, size_bytes in found.items() if size_bytes is not None}
    return Snapshot(folder, sizes, missing)


def _link_named(folder: Path, query: Query) -> dict[str, int | None]:
    """Link what the database names and write the index; return sizes, None for what is missing."""
    found: dict[str, int | None] = {}
    indexed: list[NamedFile] = []
    for file in named_files(query):
        size_bytes = _link(file.key, folder / FILES / file.key)
        if size_bytes is not None or not file.is_optional:
            found[file.key] = size_bytes
        if size_bytes is not None:
            indexed.append(file)
    write_index(folder / INDEX, indexed)
    return found


def _link(key: str, target: Path) -> int | None:
    from bifolio.infra.storage import BlobMissing, storage

    try:
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source = storage().path_of(key)
            assert source is not None
            link_or_copy(source, target)
        return target.stat().st_size
    except (BlobMissing, FileNotFoundError):
        return None
