from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from bifolio.accounts.actors import Actor, Role
from bifolio.accounts.errors import NotAllowed
from bifolio.conversion.events import FailureReason
from bifolio.infra.jobs import JobRun
from bifolio.infra.jobs.models import Job
from bifolio.infra.storage import storage
from bifolio.publishing import history
from bifolio.publishing.errors import (
    EditionNotFound,
    EditionNotWhole,
    FlipbookIsProcessing,
    NoEarlierEdition,
)
from bifolio.publishing.history import editions_of, made_by_another_engine, reconvert, roll_back
from bifolio.publishing.models import EditionState, Flipbook
from bifolio.publishing.outcomes import complete_edition, fail_edition, show_first_page
from bifolio.publishing.purge_job import purge_edition, sweep_editions
from bifolio.publishing.queries import find_flipbook, item_of
from bifolio.publishing.services import FlipbookDetails, update_flipbook
from tests.converting import OPERATOR, convert, publish
from tests.documents import incoming, make_pdf
from tests.publishing.aging import age_editions

pytestmark = pytest.mark.django_db
RUN = JobRun(job_id=1, attempt=1, max_attempts=5, confirm_lease=lambda: None)


def with_editions(arrivals: Path, count: int) -> Flipbook:
    """Return a flipbook of ``count`` whole editions, the last of which is shown."""
    book = convert(publish())
    for pages in range(2, count + 1):
        complete(bring(book, arrivals, pages))
        book = find_flipbook(actor=OPERATOR, flipbook_hash=book.hash)
    return book


def bring(book: Flipbook, arrivals: Path, pages: int) -> Flipbook:
    file = incoming(arrivals, make_pdf(pages=pages), f"{pages} pages.pdf")
    return update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(), file=file)


def complete(book: Flipbook) -> None:
    assert book.next_edition is not None
    show_first_page(book.next_edition.pk)
    complete_edition(book.next_edition.pk)


def numbers(book: Flipbook) -> list[int]:
    return [kept.edition.number for kept in editions_of(actor=OPERATOR, flipbook=book)]


def kept_numbers(book: Flipbook) -> list[int]:
    found = editions_of(actor=OPERATOR, flipbook=book)
    return [kept.edition.number for kept in found if kept.leaves_at is None]


def keep(settings: Settings, count: int) -> None:
    settings.BIFOLIO = replace(settings.BIFOLIO, keep_editions=count)


def purge_all(book: Flipbook) -> None:
    age_editions()
    for edition in book.editions.all():
        purge_edition.function(RUN, edition_id=edition.pk)


def test_editions_are_listed_newest_first_with_the_shown_one_marked(arrivals: Path) -> None:
    book = with_editions(arrivals, 3)
    found = editions_of(actor=OPERATOR, flipbook=book)
    assert [(kept.edition.number, kept.is_shown) for kept in found] == [(3, True), (2, False), (1, False)]
    assert found[0].edition.file_name == "3 pages.pdf"


def test_the_number_of_earlier_editions_is_bounded(arrivals: Path, settings: Settings) -> None:
    keep(settings, 1)
    book = with_editions(arrivals, 4)
    assert kept_numbers(book) == [4, 3]
    gone = book.editions.get(number=1)
    purge_all(book)
    assert numbers(book) == [4, 3]
    assert not storage().exists(gone.original)
    assert Job.objects.filter(name="purge_edition").count() == 2, "one for each that goes"


def test_nothing_but_the_shown_edition_can_be_kept(arrivals: Path, settings: Settings) -> None:
    keep(settings, 0)
    book = with_editions(arrivals, 2)
    assert kept_numbers(book) == [2]


def test_whoever_reads_a_replaced_edition_has_a_day_to_end_it(arrivals: Path, settings: Settings) -> None:
    keep(settings, 0)
    book = with_editions(arrivals, 2)
    for edition in book.editions.all():
        purge_edition.function(RUN, edition_id=edition.pk)
    assert numbers(book) == [2, 1]


def test_a_lowered_limit_is_applied_to_what_is_there(arrivals: Path, settings: Settings) -> None:
    book = with_editions(arrivals, 3)
    sweep_editions()
    assert not Job.objects.filter(name="purge_edition").exists()
    keep(settings, 1)
    for _ in range(2):
        sweep_editions()
    assert [job.payload["edition_id"] for job in Job.objects.filter(name="purge_edition")] == [
        book.editions.get(number=1).pk
    ]


def test_numbers_are_never_given_twice(arrivals: Path, settings: Settings) -> None:
    keep(settings, 0)
    book = with_editions(arrivals, 2)
    roll_back(actor=OPERATOR, flipbook=book, number=1)
    purge_all(book)
    assert numbers(book) == [1]
    assert bring(book, arrivals, 4).editions.latest("pk").number == 3


class TestRollBack:
    def test_the_whole_edition_before_is_shown_again_and_the_later_one_kept(self, arrivals: Path) -> None:
        book = with_editions(arrivals, 3)
        assert roll_back(actor=OPERATOR, flipbook=book).shown_edition.number == 2
        assert roll_back(actor=OPERATOR, flipbook=book).shown_edition.number == 1
        assert kept_numbers(book) == [3, 2, 1]
        with pytest.raises(NoEarlierEdition):
            roll_back(actor=OPERATOR, flipbook=book)

    def test_any_whole_edition_can_be_named(self, arrivals: Path) -> None:
        book = with_editions(arrivals, 3)
        roll_back(actor=OPERATOR, flipbook=book, number=1)
        assert roll_back(actor=OPERATOR, flipbook=book, number=3).shown_edition.number == 3
        with pytest.raises(EditionNotFound):
            roll_back(actor=OPERATOR, flipbook=book, number=4)

    def test_only_a_whole_edition_can_be_shown_and_going_back_ends_the_failure(self, arrivals: Path) -> None:
        book = convert(publish())
        file = incoming(arrivals, b"%PDF-1.7 broken")
        book = update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(), file=file)
        with pytest.raises(FlipbookIsProcessing):
            roll_back(actor=OPERATOR, flipbook=book)
        assert book.next_edition is not None
        fail_edition(book.next_edition.pk, FailureReason.DAMAGED)
        with pytest.raises(EditionNotWhole):
            roll_back(actor=OPERATOR, flipbook=book, number=2)
        roll_back(actor=OPERATOR, flipbook=book, number=1)
        book = find_flipbook(actor=OPERATOR, flipbook_hash=book.hash)
        assert (item_of(book).state, item_of(book).failure) == (EditionState.COMPLETE, "")

    def test_what_is_shown_again_outlives_the_purge_that_waited_for_it(
        self, arrivals: Path, settings: Settings
    ) -> None:
        keep(settings, 0)
        book = with_editions(arrivals, 2)
        roll_back(actor=OPERATOR, flipbook=book, number=1)
        purge_all(book)
        assert numbers(book) == [1]

    def test_it_needs_the_right_to_write(self, arrivals: Path) -> None:
        book = with_editions(arrivals, 2)
        stranger = Actor(Role.KEY, workspace_id=book.workspace_id + 1)
        for change in (roll_back, reconvert):
            with pytest.raises(NotAllowed):
                change(actor=stranger, flipbook=book)


def test_flipbooks_of_another_engine_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    book = convert(publish())
    assert list(made_by_another_engine(actor=OPERATOR, workspace=book.workspace)) == []
    monkeypatch.setattr(history, "engine_version", lambda: "another engine")
    assert list(made_by_another_engine(actor=OPERATOR, workspace=book.workspace)) == [book]
