"""A file or an address on its way into the data folder."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bifolio.cli.errors import AddressNotFetched, FileUnreadable
from bifolio.cli.files import open_file
from bifolio.infra.configuration import Configuration
from bifolio.infra.guarded_connection import FetchProblem
from bifolio.infra.incoming import IncomingWriter, WrittenFile
from bifolio.infra.storage.errors import StorageFull

if TYPE_CHECKING:
    from bifolio.publishing.files import IncomingFile

FETCH_DEADLINE_S = 15 * 60
_CHUNK_BYTES = 1024 * 1024
_OR_BY_HAND = "Try again later, or download the file and publish that."
_FETCH_FIXES = {
    FetchProblem.BAD_ADDRESS: "Give an http or https address with a host.",
    FetchProblem.REFUSED: (
        "Addresses of private networks are fetched only when BIFOLIO_PRIVATE_NETWORKS names them, "
        "and no redirect may lead from https to http."
    ),
    FetchProblem.UNREACHABLE: f"Check the host's name. {_OR_BY_HAND}",
    FetchProblem.TOO_SLOW: _OR_BY_HAND,
    FetchProblem.TOO_LARGE: "Raise BIFOLIO_MAX_FILE_MB, or set it to 0.",
    FetchProblem.BAD_ANSWER: "Open the address in a browser: it must answer with the file itself.",
}


@contextmanager
def arrival(source: str, settings: Configuration) -> "Iterator[IncomingFile]":
    """Bring a file or an http(s) address into DATA/incoming; what nobody has adopted goes at the end.

    Raises FileUnreadable, NotAFile, AddressNotFetched, FileTooLarge, DiskAlmostFull, StorageFull.
    """
    from bifolio.publishing.files import IncomingFile

    written, file_name = _fetch(source, settings) if "://" in source else _copy(Path(source), settings)
    try:
        yield IncomingFile(written.path, file_name, written.size_bytes, written.sha256)
    finally:
        written.path.unlink(missing_ok=True)


def _fetch(url: str, settings: Configuration) -> tuple[WrittenFile, str]:
    from bifolio.infra.guarded_connection import FetchFailed
    from bifolio.infra.guarded_http import GuardedClient

    client = GuardedClient(settings.private_networks)
    try:
        fetched = client.fetch(
            url, data=settings.data, max_bytes=settings.max_file_bytes, deadline_s=FETCH_DEADLINE_S
        )
    except FetchFailed as error:
        raise AddressNotFetched(url, error.problem, error.detail, _FETCH_FIXES[error.problem]) from error
    return fetched.written, fetched.file_name


def _copy(path: Path, settings: Configuration) -> tuple[WrittenFile, str]:
    with open_file(path) as file:
        _refuse_early(os.fstat(file.fileno()).st_size, settings)
        writer = IncomingWriter(settings.data)
        try:
            while chunk := _read(path, file):
                writer.append(chunk)
            return writer.finish(), _in_utf8(path.name)
        except BaseException as error:
            writer.discard()
            if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StorageFull from error
            raise


def _read(path: Path, file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK_BYTES)
    except OSError as error:
        raise FileUnreadable(path, error.strerror or str(error)) from error


def _in_utf8(file_name: str) -> str:
    """Return a name that can be stored: the system's may be of any bytes."""
    return os.fsencode(file_name).decode("utf-8", "replace")


def _refuse_early(size_bytes: int, settings: Configuration) -> None:
    from bifolio.infra.storage import storage
    from bifolio.publishing.errors import DiskAlmostFull, FileTooLarge

    if settings.max_file_bytes is not None and size_bytes > settings.max_file_bytes:
        raise FileTooLarge(size_bytes, settings.max_file_bytes)
    if not storage().has_room(size_bytes):
        raise DiskAlmostFull
