"""A file on its way in, and the checks that it passes before anything is recorded."""

from dataclasses import dataclass, field
from pathlib import Path

from bifolio.conversion.events import CountTimedOut, DocumentRefused, FileKind
from bifolio.conversion.run import count_pages
from bifolio.conversion.sniff import SNIFFED_BYTES, sniff
from bifolio.infra.configuration import configuration
from bifolio.infra.storage import storage
from bifolio.publishing.errors import DiskAlmostFull, FileTooLarge, TooManyPages, UnsupportedFile

COUNT_DEADLINE_S = 10


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A whole upload below BIFOLIO_DATA, hashed and flushed to disk, not yet anybody's.

    ``password`` opens a locked PDF; empty when none was given.
    """

    path: Path
    file_name: str
    size_bytes: int
    sha256: str
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """An incoming file that passed. ``page_count`` is None where the conversion has to find out."""

    incoming: IncomingFile
    kind: FileKind
    page_count: int | None


def accept(incoming: IncomingFile) -> AcceptedFile:
    """Check kind, size, room and pages, in the order of the wire contract.

    Raises UnsupportedFile, FileTooLarge, DiskAlmostFull, TooManyPages. A document that cannot be
    opened is accepted: its conversion fails and says why.
    """
    with incoming.path.open("rb") as file:
        kind = sniff(file.read(SNIFFED_BYTES))
    if kind is None:
        raise UnsupportedFile(incoming.file_name)
    limit_bytes = configuration().max_file_bytes
    if limit_bytes is not None and incoming.size_bytes > limit_bytes:
        raise FileTooLarge(incoming.size_bytes, limit_bytes)
    if not storage().has_room(0):
        raise DiskAlmostFull
    return AcceptedFile(incoming, kind, _count(incoming, kind))


def _count(incoming: IncomingFile, kind: FileKind) -> int | None:
    if kind != FileKind.PDF:
        return 1
    try:
        with incoming.path.open("rb") as file:
            page_count = count_pages(file, kind, deadline_s=COUNT_DEADLINE_S, password=incoming.password)
    except (CountTimedOut, DocumentRefused):
        return None
    limit = configuration().max_pages
    if limit is not None and page_count > limit:
        raise TooManyPages(page_count, limit)
    return page_count
