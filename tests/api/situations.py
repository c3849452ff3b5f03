"""The situations that the golden pairs under contracts/api begin in, by the names that they use.

Each sets the stage and returns the words that stand for volatile values: ``{hash}`` in a pair.
"""

from collections.abc import Callable

import pytest

from bifolio.accounts.models import Workspace
from bifolio.api import dispatcher
from bifolio.infra import maintenance
from bifolio.publishing.models import Flipbook
from bifolio.stats.models import FlipbookDay, FlipbookTotal, PageDay, PageTotal, WorkspaceTotal
from tests.api.client import Client, configure
from tests.api.conftest import convert_all, new_client
from tests.documents import make_image, make_pdf
from tests.locked_documents import make_locked_pdf

DOCUMENTS: dict[str, bytes] = {
    "a PDF of three pages": make_pdf(pages=3, title="Paper and Folding"),
    "a PDF of one page": make_pdf(pages=1),
    "a locked PDF of two pages": make_locked_pdf("open sesame"),
    "a PDF of 2 MB": make_pdf(pages=1) + b"%" * 2_000_000,
    "a JPEG": make_image("jpeg"),
    "a web page": b"<!doctype html><title>No book</title>",
    "nothing": b"",
}
Words = dict[str, str]
Situation = Callable[[Client, pytest.MonkeyPatch], Words]


def _finished(client: Client, _: pytest.MonkeyPatch) -> Words:
    return _published(client, title="Spring", description="What grows.", playerSettings='{"logo":"fern"}')


def _draft(client: Client, _: pytest.MonkeyPatch) -> Words:
    return _published(client, title="Spring", description="What grows.", collectionStatus="editable")


def _converting(client: Client, _: pytest.MonkeyPatch) -> Words:
    made = client.upload(DOCUMENTS["a PDF of three pages"], title="Spring", description="What grows.")
    return {"hash": made.data["collectionHash"]}


def _failed(client: Client, _: pytest.MonkeyPatch) -> Words:
    made = client.upload(b"%PDF-1.7 and no more", title="Spring", description="What grows.")
    convert_all()
    return {"hash": made.data["collectionHash"]}


def _wrong_password(client: Client, _: pytest.MonkeyPatch) -> Words:
    locked = DOCUMENTS["a locked PDF of two pages"]
    made = client.upload(locked, title="Spring", description="What grows.", filePassword="guessed")
    convert_all()
    return {"hash": made.data["collectionHash"]}


def _replaced_by_a_failure(client: Client, patch: pytest.MonkeyPatch) -> Words:
    words = _finished(client, patch)
    broken = b"%PDF-1.7 and no more"
    client.upload(broken, action="collection.update", collectionHash=words["hash"])
    convert_all()
    return words


def _deleted(client: Client, patch: pytest.MonkeyPatch) -> Words:
    words = _finished(client, patch)
    client.call("collection.deleteCollection", collectionHash=words["hash"])
    return words


def _anothers(_: Client, patch: pytest.MonkeyPatch) -> Words:
    return _finished(new_client(Workspace.objects.create(name="Another")), patch)


def _several(client: Client, _: pytest.MonkeyPatch) -> Words:
    for title in ("Summer", "Autumn", "Winter"):
        client.upload(DOCUMENTS["a PDF of one page"], title=title, description=f"{title} reading.")
    convert_all()
    return {}


def _read(client: Client, patch: pytest.MonkeyPatch) -> Words:
    words = _finished(client, patch)
    count_reading(Flipbook.objects.get(hash=words["hash"]))
    return words


def _maintenance(_: Client, __: pytest.MonkeyPatch) -> Words:
    maintenance.switch(on=True)
    return {}


def _second_spent(client: Client, _: pytest.MonkeyPatch) -> Words:
    configure(calls_per_second=1)
    client.call("user.getStats")
    return {}


def _minute_spent(client: Client, _: pytest.MonkeyPatch) -> Words:
    configure(calls_per_minute=1)
    client.call("user.getStats")
    return {}


def _uploads_spent(client: Client, _: pytest.MonkeyPatch) -> Words:
    configure(uploads_per_month=1)
    client.upload(DOCUMENTS["a PDF of one page"])
    return {}


def _two_pages_at_most(_: Client, __: pytest.MonkeyPatch) -> Words:
    configure(max_pages=2)
    return {}


def _one_megabyte_at_most(_: Client, __: pytest.MonkeyPatch) -> Words:
    configure(max_file_mb=1)
    return {}


def _fault(_: Client, patch: pytest.MonkeyPatch) -> Words:
    def fail(__: str) -> None:
        raise RuntimeError

    patch.setattr(dispatcher, "find_signing_key", fail)
    return {}


def _published(client: Client, **parameters: str) -> Words:
    made = client.upload(DOCUMENTS["a PDF of three pages"], more=parameters)
    convert_all()
    return {"hash": made.data["collectionHash"]}


def count_reading(flipbook: Flipbook) -> None:
    """Count what some readers did with a flipbook on the 20th of November 2026, and one on the 21st."""
    book, workspace = flipbook.pk, flipbook.workspace_id
    total = {"impressions": 7, "views": 5, "time_spent_s": 61, "downloads": 2}
    first = {"impressions": 6, "views": 4, "time_spent_s": 50, "downloads": 2}
    WorkspaceTotal.objects.create(workspace_id=workspace, **total)
    FlipbookTotal.objects.create(flipbook_id=book, workspace_id=workspace, **total)
    FlipbookDay.objects.create(flipbook_id=book, workspace_id=workspace, day="2026-11-20", **first)
    FlipbookDay.objects.create(
        flipbook_id=book, workspace_id=workspace, day="2026-11-21", impressions=1, views=1, time_spent_s=11
    )
    PageTotal.objects.create(flipbook_id=book, page=2, views=4, clicks=3, time_spent_s=30)
    PageDay.objects.create(flipbook_id=book, day="2026-11-20", page=2, views=3, clicks=3, time_spent_s=25)


SITUATIONS: dict[str, Situation] = {
    "a finished flipbook": _finished,
    "a finished draft": _draft,
    "a flipbook being converted": _converting,
    "a failed flipbook": _failed,
    "a locked flipbook with a wrong password": _wrong_password,
    "a flipbook whose new file has failed": _replaced_by_a_failure,
    "a deleted flipbook": _deleted,
    "another account's flipbook": _anothers,
    "three finished flipbooks": _several,
    "a finished flipbook that was read": _read,
    "maintenance is on": _maintenance,
    "no calls left this second": _second_spent,
    "no calls left this minute": _minute_spent,
    "no uploads left this month": _uploads_spent,
    "two pages at most": _two_pages_at_most,
    "one megabyte at most": _one_megabyte_at_most,
    "a fault of the server": _fault,
}
