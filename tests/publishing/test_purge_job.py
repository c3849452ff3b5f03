from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from bifolio.accounts.services import default_workspace
from bifolio.infra.jobs import JobRun
from bifolio.infra.storage import storage
from bifolio.publishing.purge_job import purge_flipbook
from bifolio.publishing.services import FlipbookDetails, create_flipbook, delete_flipbook
from tests.converting import OPERATOR, convert, publish
from tests.documents import incoming, make_pdf

pytestmark = pytest.mark.django_db
RUN = JobRun(job_id=1, attempt=1, max_attempts=5, confirm_lease=lambda: None)


def test_a_deleted_flipbook_loses_its_original_in_the_end() -> None:
    book = convert(publish())
    purge_flipbook.function(RUN, flipbook_id=book.pk)
    assert storage().exists(book.shown_edition.original), "not deleted, so not purged"
    delete_flipbook(actor=OPERATOR, flipbook=book)
    purge_flipbook.function(RUN, flipbook_id=book.pk)
    assert not storage().exists(book.shown_edition.original)


def test_no_password_outlives_its_document_or_the_secret_key(
    arrivals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = replace(incoming(arrivals, make_pdf()), password="open sesame")
    book = create_flipbook(
        actor=OPERATOR, workspace=default_workspace(), file=file, details=FlipbookDetails()
    )
    assert book.shown_edition.password == "open sesame"
    assert b"sesame" not in bytes(book.shown_edition.sealed_password)
    with monkeypatch.context() as changed:
        changed.setattr(
            settings, "BIFOLIO", replace(settings.BIFOLIO, secret_key="another key, as long as that")
        )
        assert book.shown_edition.password == ""
    delete_flipbook(actor=OPERATOR, flipbook=book)
    purge_flipbook.function(RUN, flipbook_id=book.pk)
    assert book.editions.get().password == ""
