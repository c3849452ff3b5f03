"""Write a snapshot as one tar archive. Must not import Django."""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, cast

from bifolio.cli.archive.contents import DATABASES, DESCRIPTION, FILES, INDEX, SECRET_KEY, Description
from bifolio.cli.archive.snapshot import Snapshot
from bifolio.cli.errors import FileUnwritable
from bifolio.infra.disk import flush

Report = Callable[[int], None]


def pack(
    target: Path, snapshot: Snapshot, description: Description, secret_key: Path | None, report: Report
) -> None:
    """Write the archive whole or not at all; ``report`` is told how many bytes went in.

    A name that ends with gz makes it compressed. Only its owner can read it. Raises FileUnwritable.
    """
    with _whole_file(target) as file, tarfile.open(fileobj=file, mode="w|") as tar:
        _add_bytes(tar, DESCRIPTION, json.dumps(asdict(description), indent=2).encode())
        for name in (INDEX, DATABASES[description.database]):
            _add_file(tar, name, snapshot.folder / name, report)
        if secret_key is not None:
            _add_file(tar, SECRET_KEY, secret_key, report)
        for key in snapshot.sizes:
            _add_file(tar, FILES + key, snapshot.folder / FILES / key, report)


@contextmanager
def _whole_file(target: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes its name only once it is on the disk."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if target.name.endswith("gz"):
                with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=1) as compressed:
                    yield cast(IO[bytes], compressed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        flush(target.parent)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FileUnwritable(target, error.strerror or str(error)) from error
        raise


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path, report: Report) -> None:
    with path.open("rb") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        tar.addfile(_member(name, size_bytes), file)
    # The list of all members would fill the memory for nothing.
    tar.members.clear()  # type: ignore[attr-defined]
    report(size_bytes)


def _member(name: str, size_bytes: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size_bytes
    member.mode = 0o600
    return member
