"""A file or an address on its way into the data folder."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.cli.errors import FileUnreadable
from bifolio.infra.configuration import Configuration
from bifolio.infra.incoming import IncomingWriter, WrittenFile

if TYPE_CHECKING:
    from bifolio.publishing.files import IncomingFile

FETCH_DEADLINE_S = 15 * 60
_CHUNK_BYTES = 1024 * 1024


@contextmanager
def arrival(source: str, settings: Configuration) -> "Iterator[IncomingFile]":
    """Bring a file or an http(s) address into DATA/incoming; what nobody has adopted goes at the end.

    Raises FileUnreadable, FetchFailed, FileTooLarge, DiskAlmostFull.
    """
    from bifolio.publishing.files import IncomingFile

    is_address = re.match(r"https?://", source, re.IGNORECASE) is not None
    written, file_name = _fetch(source, settings) if is_address else _copy(Path(source), settings)
    try:
        yield IncomingFile(written.path, file_name, written.size_bytes, written.sha256)
    finally:
        written.path.unlink(missing_ok=True)


def _fetch(url: str, settings: Configuration) -> tuple[WrittenFile, str]:
    from bifolio.infra.guarded_http import GuardedClient

    client = GuardedClient(settings.private_networks)
    fetched = client.fetch(
        url, data=settings.data, max_bytes=settings.max_file_bytes, deadline_s=FETCH_DEADLINE_S
    )
    return fetched.written, fetched.file_name


def _copy(path: Path, settings: Configuration) -> tuple[WrittenFile, str]:
    try:
        file = path.open("rb")
        size_bytes = path.stat().st_size
    except OSError as error:
        raise FileUnreadable(path, error.strerror or str(error)) from error
    with file:
        _refuse_early(size_bytes, settings)
        writer = IncomingWriter(settings.data)
        try:
            while chunk := file.read(_CHUNK_BYTES):
                writer.append(chunk)
            return writer.finish(), path.name
        except BaseException:
            writer.discard()
            raise


def _refuse_early(size_bytes: int, settings: Configuration) -> None:
    from bifolio.infra.storage import storage
    from bifolio.publishing.errors import DiskAlmostFull, FileTooLarge

    if settings.max_file_bytes is not None and size_bytes > settings.max_file_bytes:
        raise FileTooLarge(size_bytes, settings.max_file_bytes)
    if not storage().has_room(size_bytes):
        raise DiskAlmostFull
