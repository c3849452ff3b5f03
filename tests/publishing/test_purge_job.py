from pathlib import Path

import pytest

from bifolio.infra.jobs import JobRun
from bifolio.infra.storage import storage
from bifolio.publishing.conversion_job import convert_edition
from bifolio.publishing.models import Edition
from bifolio.publishing.purge_job import purge_edition, purge_flipbook
from bifolio.publishing.queries import find_flipbook
from bifolio.publishing.services import FlipbookDetails, delete_flipbook, update_flipbook
from tests.converting import OPERATOR, convert, publish
from tests.documents import incoming, make_pdf

pytestmark = pytest.mark.django_db
RUN = JobRun(job_id=1, attempt=1, max_attempts=5, confirm_lease=lambda: None)


def test_a_replaced_edition_goes_with_all_its_files_and_the_shown_one_stays(arrivals: Path) -> None:
    book = convert(publish())
    old = book.shown_edition
    file = incoming(arrivals, make_pdf(pages=5))
    book = update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(), file=file)
    assert book.next_edition is not None
    convert_edition.function(RUN, edition_id=book.next_edition.pk)
    shown = find_flipbook(actor=OPERATOR, flipbook_hash=book.hash).shown_edition
    for edition in (old, shown):
        purge_edition.function(RUN, edition_id=edition.pk)
    assert list(Edition.objects.filter(flipbook=book)) == [shown]
    assert not storage().exists(old.original)
    assert storage().exists(shown.original)
    assert storage().exists(shown.folder + shown.pages.get(number=5).small)


def test_a_deleted_flipbook_loses_its_original_in_the_end() -> None:
    book = convert(publish())
    purge_flipbook.function(RUN, flipbook_id=book.pk)
    assert storage().exists(book.shown_edition.original), "not deleted, so not purged"
    delete_flipbook(actor=OPERATOR, flipbook=book)
    purge_flipbook.function(RUN, flipbook_id=book.pk)
    assert not storage().exists(book.shown_edition.original)
