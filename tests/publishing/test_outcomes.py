from pathlib import Path

import pytest

from bifolio.conversion.events import FailureReason
from bifolio.infra.jobs import JobRun
from bifolio.infra.storage import storage
from bifolio.publishing.errors import FlipbookIsProcessing
from bifolio.publishing.history import reconvert
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.publishing.outcomes import complete_edition, fail_edition, show_first_page
from bifolio.publishing.purge_job import purge_edition
from bifolio.publishing.queries import find_flipbook, item_of, require_settled, uploads_left
from bifolio.publishing.services import FlipbookDetails, update_flipbook
from tests.converting import OPERATOR, convert, publish
from tests.documents import incoming, make_pdf
from tests.publishing.aging import age_editions

pytestmark = pytest.mark.django_db
RUN = JobRun(job_id=1, attempt=1, max_attempts=5, confirm_lease=lambda: None)


def again(flipbook: Flipbook) -> Flipbook:
    return find_flipbook(actor=OPERATOR, flipbook_hash=flipbook.hash)


def replace(flipbook: Flipbook, arrivals: Path, pages: int = 5) -> tuple[Flipbook, Edition]:
    """Bring a new file; return the flipbook and the edition that is to replace the shown one."""
    file = incoming(arrivals, make_pdf(pages=pages))
    book = update_flipbook(actor=OPERATOR, flipbook=flipbook, details=FlipbookDetails(), file=file)
    assert book.next_edition is not None
    return book, book.next_edition


def test_a_replacement_is_shown_from_its_first_page_on(arrivals: Path) -> None:
    book, new = replace(convert(publish()), arrivals)
    old = book.shown_edition
    show_first_page(new.pk)
    book = again(book)
    assert (book.shown_edition, book.next_edition, book.fallback_edition) == (new, None, old)
    complete_edition(new.pk)
    book = again(book)
    assert (book.shown_edition, book.fallback_edition) == (new, None)
    assert storage().exists(old.original), "history keeps it"


def test_while_it_grows_publishers_are_told_of_the_whole_edition(arrivals: Path) -> None:
    book, new = replace(convert(publish()), arrivals)
    for _ in range(2):
        Edition.objects.filter(pk=new.pk).update(pages_done=1, page_count=5)
        item = item_of(again(book))
        assert (item.state, item.page_count, item.progress, item.failure) == (
            EditionState.COMPLETE,
            3,
            20,
            "",
        )
        require_settled(again(book), is_replacing=False)
        with pytest.raises(FlipbookIsProcessing):
            require_settled(again(book), is_replacing=True)
        show_first_page(new.pk)
    complete_edition(new.pk)
    assert (item_of(again(book)).page_count, item_of(again(book)).progress) == (5, 100)


@pytest.mark.parametrize("reaches_page_1", [True, False])
def test_a_replacement_that_fails_leaves_the_whole_edition_and_says_why(
    arrivals: Path,
    *,
    reaches_page_1: bool,
) -> None:
    book, new = replace(convert(publish()), arrivals)
    old = book.shown_edition
    if reaches_page_1:
        show_first_page(new.pk)
    fail_edition(new.pk, FailureReason.OUT_OF_TIME)
    book = again(book)
    assert (book.shown_edition, book.next_edition, book.fallback_edition) == (old, new, None)
    item = item_of(book)
    assert (item.state, item.page_count, item.progress) == (EditionState.COMPLETE, 3, 100)
    assert item.failure == "out_of_time"


def test_a_replacement_of_a_failed_edition_has_nothing_to_fall_back_on(arrivals: Path) -> None:
    book, new = replace(convert(publish(b"%PDF-1.7 broken")), arrivals)
    show_first_page(new.pk)
    assert item_of(again(book)).state == EditionState.PROCESSING
    fail_edition(new.pk, FailureReason.OUT_OF_TIME)
    assert again(book).shown_edition == new
    assert item_of(again(book)).state == EditionState.FAILED


def test_a_replacement_of_a_failed_edition_is_what_publishers_are_told_of(
    arrivals: Path,
) -> None:
    book, new = replace(convert(publish(b"%PDF-1.7 broken")), arrivals)
    Edition.objects.filter(pk=new.pk).update(page_count=5)
    item = item_of(again(book))
    assert (item.state, item.page_count, item.progress, item.failure) == (EditionState.PROCESSING, 5, 0, "")
    fail_edition(new.pk, FailureReason.OUT_OF_TIME)
    assert item_of(again(book)).failure == "out_of_time"


def test_a_conversion_ends_once() -> None:
    book = convert(publish())
    fail_edition(book.shown_edition.pk, FailureReason.OUT_OF_TIME)
    assert item_of(again(book)).state == EditionState.COMPLETE


def test_a_reconversion_counts_no_upload_and_supersedes_the_edition_of_the_same_file() -> None:
    book = convert(publish())
    old = book.shown_edition
    old_page = old.folder + old.pages.get(number=1).small
    left = uploads_left(book.workspace)
    new = reconvert(actor=OPERATOR, flipbook=book)
    assert (new.original, new.number) == (old.original, 2)
    show_first_page(new.pk)
    complete_edition(new.pk)
    assert uploads_left(book.workspace) == left
    age_editions()
    purge_edition.function(RUN, edition_id=old.pk)
    assert list(Edition.objects.all()) == [new]
    assert not storage().exists(old_page)
    assert storage().exists(new.original), "the new edition has the same original"


def test_a_reconversion_that_fails_tells_publishers_nothing_and_goes() -> None:
    book = convert(publish())
    new = reconvert(actor=OPERATOR, flipbook=book)
    show_first_page(new.pk)
    fail_edition(new.pk, FailureReason.CRASHED_REPEATEDLY)
    assert (again(book).shown_edition, again(book).next_edition) == (book.shown_edition, None)
    assert item_of(again(book)).failure == ""
    age_editions()
    purge_edition.function(RUN, edition_id=new.pk)
    assert list(Edition.objects.all()) == [book.shown_edition]
    assert storage().exists(book.shown_edition.original)
