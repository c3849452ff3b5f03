"""One table from what can go wrong to the status and the words that the wire answers."""

import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import OperationalError

from bifolio.accounts.errors import NotAllowed
from bifolio.api.statuses import Status, WireProblem
from bifolio.infra.storage import StorageFull
from bifolio.publishing.errors import (
    DiskAlmostFull,
    FileTooLarge,
    FlipbookIsProcessing,
    FlipbookNotFound,
    TooManyPages,
    UnsupportedFile,
    UploadQuotaSpent,
)

_BUSY_RETRY_S = 5
_DISK_RETRY_S = 600


Words = Callable[[Any], str]

_PROBLEMS: dict[type[Exception], tuple[Status, Words]] = {
    NotAllowed: (Status.FORBIDDEN, lambda error: f"this apiKey may not {error.permission} here"),
    FlipbookNotFound: (
        Status.FORBIDDEN,
        lambda error: (
            f"collectionHash {error.flipbook_hash} is unknown, deleted or another account's; "
            "collection.getList names yours"
        ),
    ),
    FlipbookIsProcessing: (
        Status.PROCESSING,
        lambda error: (
            f"collectionHash {error.flipbook_hash} is being converted; "
            "try again when collection.getCollection says itemProgress 100 or itemStatus failed"
        ),
    ),
    UploadQuotaSpent: (
        Status.UPLOADS_SPENT,
        lambda error: (
            f"all {error.limit} uploads of this calendar month (UTC) are used; "
            "wait for the next one or have BIFOLIO_UPLOADS_PER_MONTH raised"
        ),
    ),
    UnsupportedFile: (
        Status.INVALID_FILE,
        lambda error: f"file {error.file_name} is empty, or neither PDF nor JPG nor PNG by its first bytes",
    ),
    FileTooLarge: (
        Status.FILE_TOO_LARGE,
        lambda error: (
            f"the file is larger than {error.limit_bytes} bytes; "
            "make it smaller or have BIFOLIO_MAX_FILE_MB raised"
        ),
    ),
    TooManyPages: (
        Status.TOO_MANY_PAGES,
        lambda error: (
            f"the document has {error.page_count} pages and the limit is {error.limit}; "
            "split it or have BIFOLIO_MAX_PAGES raised"
        ),
    ),
}


def problem_of(error: Exception) -> WireProblem | None:
    """Return what the wire answers to an error, or None when the error is a fault of ours."""
    if isinstance(error, WireProblem):
        return error
    if isinstance(error, DiskAlmostFull | StorageFull):
        # Not 34: a smaller file would be refused too. 22 is the code of "not now, not your fault".
        return WireProblem(
            Status.MAINTENANCE, "the server's disk is almost full; try later", retry_after_s=_DISK_RETRY_S
        )
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return WireProblem(
            Status.MAINTENANCE, "the database does not answer; try again", retry_after_s=_BUSY_RETRY_S
        )
    for kind, (status, words) in _PROBLEMS.items():
        if isinstance(error, kind):
            return WireProblem(status, words(error))
    return None
