"""The file of a call, from a multipart part or fetched from fileUrl, on its way to a service."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bifolio.api.statuses import Status, WireProblem
from bifolio.conversion.sniff import sniff
from bifolio.infra.configuration import configuration
from bifolio.infra.guarded_connection import FetchFailed, FetchProblem
from bifolio.infra.guarded_http import FetchedFile, GuardedClient
from bifolio.infra.received import FileProblem, ReceivedBody, ReceivedFile
from bifolio.infra.storage import storage
from bifolio.publishing.errors import DiskAlmostFull, FileTooLarge, UnsupportedFile
from bifolio.publishing.files import IncomingFile

FETCH_DEADLINE_S = 30.0
FETCHES_AT_ONCE = 4
_BUSY_RETRY_S = 5
_log = structlog.get_logger(__name__)
_fetchers = ThreadPoolExecutor(FETCHES_AT_ONCE, thread_name_prefix="fileUrl")
_free_fetchers = threading.BoundedSemaphore(FETCHES_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Upload:
    """What a call brings: a received part wins over ``file_url``; several parts are refused at ``open``."""

    part: ReceivedFile | None
    part_count: int
    file_url: str

    @classmethod
    def of(cls, body: ReceivedBody, file_url: str) -> "Upload":
        """Return the upload of a call. An empty part without a name is a form's unused field."""
        upload = cls(body.file, body.file_count, file_url)
        return cls(None, body.file_count, file_url) if upload.is_blank and file_url else upload

    @property
    def is_given(self) -> bool:
        """Whether the call brings a file at all."""
        return self.part is not None or self.part_count > 1 or bool(self.file_url)

    @property
    def is_blank(self) -> bool:
        """Whether the file is a form's field that nobody has filled in."""
        return self.part is not None and not self.part.file_name and not self.part.size_bytes

    @contextmanager
    def open(self) -> Iterator[IncomingFile]:
        """Give the file, fetched now if it has to be; what nobody has adopted is removed at the end.

        Raises WireProblem 36, 45 and 31, UnsupportedFile, FileTooLarge, DiskAlmostFull.
        """
        if self.part_count > 1:
            raise WireProblem(
                Status.SEVERAL_FILES, f"the request carries {self.part_count} files; send one called file"
            )
        if self.part is not None:
            yield _checked(self.part)
            return
        fetched = _fetch(self.file_url)
        try:
            written = fetched.written
            if sniff(written.first_bytes) is None:
                raise _unfetchable()
            yield IncomingFile(written.path, fetched.file_name, written.size_bytes, written.sha256)
        finally:
            fetched.written.path.unlink(missing_ok=True)


def _checked(part: ReceivedFile) -> IncomingFile:
    if sniff(part.first_bytes) is None:
        raise UnsupportedFile(part.file_name)
    if part.problem is FileProblem.TOO_LARGE:
        raise FileTooLarge(part.size_bytes, configuration().max_file_bytes or 0)
    if part.problem is FileProblem.NO_ROOM:
        raise DiskAlmostFull
    return IncomingFile(part.path, part.file_name, part.size_bytes, part.sha256)


def _fetch(file_url: str) -> FetchedFile:
    if not storage().has_room(0):
        raise DiskAlmostFull
    if not _free_fetchers.acquire(timeout=1):
        raise WireProblem(
            Status.TOO_MANY_A_SECOND,
            "too many fileUrl downloads are under way; try again",
            retry_after_s=_BUSY_RETRY_S,
        )
    fetching = _fetchers.submit(_fetch_now, file_url)
    fetching.add_done_callback(lambda _: _free_fetchers.release())
    try:
        # A name server that hangs is beyond the client's own deadline.
        return fetching.result(timeout=FETCH_DEADLINE_S + 1)
    except FutureTimeout:
        fetching.add_done_callback(_remove_late)
        raise _unfetchable() from None
    except OSError as error:
        raise DiskAlmostFull from error
    except FetchFailed as failure:
        _log.info("fileUrl failed", problem=failure.problem, detail=failure.detail)
        if failure.problem is FetchProblem.TOO_LARGE:
            limit_bytes = configuration().max_file_bytes or 0
            raise FileTooLarge(limit_bytes + 1, limit_bytes) from failure
        raise _unfetchable() from failure


def _fetch_now(file_url: str) -> FetchedFile:
    settings = configuration()
    client = GuardedClient(settings.private_networks)
    return client.fetch(
        file_url,
        data=settings.data,
        max_bytes=settings.max_file_bytes,
        deadline_s=FETCH_DEADLINE_S,
        has_room=storage().has_room,
    )


def _remove_late(fetching: "Future[FetchedFile]") -> None:
    if fetching.exception() is None:
        fetching.result().written.path.unlink(missing_ok=True)


def _unfetchable() -> WireProblem:
    # One text for every cause: a telling one would map what lies behind the guard (security.md S6).
    return WireProblem(
        Status.INVALID_FILE,
        f"fileUrl gave no PDF, JPG or PNG within {FETCH_DEADLINE_S:.0f} s; "
        "it must be a public http or https address that answers 200 with the file itself",
    )
