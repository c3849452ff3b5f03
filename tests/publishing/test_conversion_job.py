import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.conversion.events import PageConverted
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobInterrupted, JobRun, LeaseLost, leases
from bifolio.infra.jobs.lanes import CONVERSION, OPENING
from bifolio.infra.jobs.models import Job
from bifolio.infra.storage import StorageFull, storage
from bifolio.publishing import conversion_job, services
from bifolio.publishing.failures import failure_sentence
from bifolio.publishing.models import Edition, EditionState, Flipbook, Page
from bifolio.publishing.page_records import record_page
from bifolio.publishing.queries import find_flipbook, item_of
from bifolio.publishing.services import FlipbookDetails
from tests.converting import convert_whole
from tests.documents import incoming, make_image, make_pdf

pytestmark = pytest.mark.django_db
NO_DETAILS = FlipbookDetails()


def run(confirm_lease: Callable[[], None] = lambda: None) -> JobRun:
    return JobRun(job_id=1, attempt=1, max_attempts=3, confirm_lease=confirm_lease)


def publish(
    workspace: Workspace, arrivals: Path, content: bytes, details: FlipbookDetails = NO_DETAILS
) -> Flipbook:
    return services.create_flipbook(
        actor=Actor.operator(),
        workspace=workspace,
        file=incoming(arrivals, content),
        details=details,
    )


def convert(flipbook: Flipbook, job_run: JobRun | None = None) -> Flipbook:
    convert_whole(flipbook.shown_edition.pk, job_run)
    return find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook.hash)


def test_every_page_gets_its_files_and_its_text(workspace: Workspace, arrivals: Path) -> None:
    book = convert(publish(workspace, arrivals, make_pdf(pages=3, link="https://www.w3.org/")))
    pages = list(book.shown_edition.pages.all())
    assert [page.number for page in pages] == [1, 2, 3]
    for page in pages:
        assert f"Page {page.number} of the test document" in page.text
        assert (page.width_pt, page.height_pt) == (420, 595)
        for name in (page.small, page.medium, page.large, page.layers):
            assert storage().exists(book.shown_edition.folder + name)
    with storage().open_range(book.shown_edition.folder + pages[0].layers) as file:
        links = json.load(file)["links"]
    assert [link.get("url") or link.get("page") for link in links] == ["https://www.w3.org/", 3]
    assert item_of(book).progress == 100


def test_title_and_description_come_from_the_document_unless_given(
    workspace: Workspace, arrivals: Path
) -> None:
    plain = convert(publish(workspace, arrivals, make_pdf(title="Paper and Folding", language="en-GB")))
    assert plain.title == "Paper and Folding"
    assert plain.description.startswith("Page 1 of the test document")
    assert plain.shown_edition.language == "en-GB"
    given = convert(publish(workspace, arrivals, make_pdf(title="Paper"), FlipbookDetails("Mine", "Said")))
    assert (given.title, given.description) == ("Mine", "Said")


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_picture_becomes_a_book_of_one_page(workspace: Workspace, arrivals: Path, kind: str) -> None:
    book = convert(publish(workspace, arrivals, make_image(kind)))
    assert (item_of(book).state, item_of(book).page_count) == (EditionState.COMPLETE, 1)


def test_a_document_that_cannot_be_opened_fails_with_a_sentence(workspace: Workspace, arrivals: Path) -> None:
    book = convert(publish(workspace, arrivals, b"%PDF-1.7 and then nothing"))
    item = item_of(book)
    assert item.state == EditionState.FAILED
    assert failure_sentence(item.failure).endswith(".")


def test_a_second_attempt_does_only_what_is_missing(workspace: Workspace, arrivals: Path) -> None:
    book = convert(publish(workspace, arrivals, make_pdf(pages=4)))
    edition = book.shown_edition
    kept = dict(Page.objects.filter(edition=edition, number__in=[1, 2]).values_list("number", "pk"))
    Page.objects.filter(edition=edition, number__in=[3, 4]).delete()
    edition.state, edition.pages_done = EditionState.PROCESSING, 2
    edition.save(update_fields=["state", "pages_done"])
    again = convert(book)
    assert again.shown_edition.pages_done == 4
    assert kept.items() <= dict(again.shown_edition.pages.values_list("number", "pk")).items()


def test_a_worker_that_lost_its_lease_changes_nothing(workspace: Workspace, arrivals: Path) -> None:
    def lost() -> None:
        raise LeaseLost(1)

    book = publish(workspace, arrivals, make_pdf())
    with pytest.raises(LeaseLost):
        convert(book, run(lost))
    assert not Page.objects.exists()
    assert item_of(book).state == EditionState.PROCESSING


def test_a_cancelled_run_stops_between_pages(workspace: Workspace, arrivals: Path) -> None:
    job_run = run()
    job_run.cancelled.set()
    with pytest.raises(JobInterrupted):
        convert(publish(workspace, arrivals, make_pdf()), job_run)


def test_a_flipbook_deleted_meanwhile_leaves_no_page_files(
    workspace: Workspace, arrivals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = publish(workspace, arrivals, make_pdf())

    def delete_first(job_run: JobRun, edition: Edition, page: PageConverted) -> None:
        services.delete_flipbook(actor=Actor.operator(), flipbook=book)
        record_page(job_run, edition, page)

    monkeypatch.setattr(conversion_job, "record_page", delete_first)
    conversion_job.convert_edition.function(run(), edition_id=book.shown_edition.pk)
    assert not Page.objects.exists()
    assert not (configuration().data / "files" / book.shown_edition.folder).exists()


def test_what_is_queued_of_a_deleted_flipbook_opens_no_document(workspace: Workspace, arrivals: Path) -> None:
    book = publish(workspace, arrivals, make_pdf())
    services.delete_flipbook(actor=Actor.operator(), flipbook=book)
    storage().delete_prefix(book.shown_edition.original_folder)
    conversion_job.convert_edition.function(run(), edition_id=book.shown_edition.pk)
    assert item_of(book).state == EditionState.PROCESSING


def test_a_full_disk_postpones_the_conversion_however_long_it_stays_full(
    workspace: Workspace, arrivals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = publish(workspace, arrivals, make_pdf())

    def full(*_: object) -> None:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(type(storage()), "put_many_immutable", full)
        for _ in range(3):
            run_next_job()
            assert Job.objects.filter(name__endswith="convert_edition").count() == 1
    run_next_job()
    with monkeypatch.context() as patched:
        patched.setattr(type(storage()), "put_many_immutable", full)
        for _ in range(3):
            run_next_job()
            assert Job.objects.filter(name__endswith="convert_pages").count() == 1
    run_next_job()
    book = find_flipbook(actor=Actor.operator(), flipbook_hash=book.hash)
    assert item_of(book).state == EditionState.COMPLETE


def test_pages_leave_the_room_that_uploads_have_to_leave(
    workspace: Workspace, arrivals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = publish(workspace, arrivals, make_pdf())
    monkeypatch.setattr(type(storage()), "has_room", lambda *_: False)
    book = convert(book)
    assert item_of(book).state == EditionState.PROCESSING
    assert not (configuration().data / "files" / book.shown_edition.folder).exists()


def run_next_job() -> None:
    """Run the conversion that waits as a worker does, its pause skipped."""
    Job.objects.update(not_before=None)
    lease = leases.claim("tester", [OPENING, CONVERSION])
    assert lease is not None
    lease.definition.function(leases.run_of(lease), **lease.payload)
    leases.finish(lease)


def test_a_job_that_died_on_every_attempt_fails_its_edition(workspace: Workspace, arrivals: Path) -> None:
    book = publish(workspace, arrivals, make_pdf())
    conversion_job.give_up(edition_id=book.shown_edition.pk)
    assert (
        item_of(find_flipbook(actor=Actor.operator(), flipbook_hash=book.hash)).failure
        == "crashed_repeatedly"
    )


def test_a_replacement_is_shown_once_it_is_complete(workspace: Workspace, arrivals: Path) -> None:
    book = convert(publish(workspace, arrivals, make_pdf(pages=2)))
    book = services.update_flipbook(
        actor=Actor.operator(),
        flipbook=book,
        details=FlipbookDetails(),
        file=incoming(arrivals, make_pdf(pages=5)),
    )
    assert book.next_edition is not None
    convert_whole(book.next_edition.pk)
    shown = find_flipbook(actor=Actor.operator(), flipbook_hash=book.hash)
    assert (item_of(shown).page_count, shown.next_edition) == (5, None)
    assert not Job.objects.filter(name="purge_edition").exists(), "history keeps the one before"


def test_a_replacement_that_fails_leaves_the_shown_edition_and_says_why(
    workspace: Workspace, arrivals: Path
) -> None:
    book = convert(publish(workspace, arrivals, make_pdf(pages=2)))
    book = services.update_flipbook(
        actor=Actor.operator(),
        flipbook=book,
        details=FlipbookDetails(),
        file=incoming(arrivals, b"%PDF-1.7 broken"),
    )
    assert book.next_edition is not None
    convert_whole(book.next_edition.pk)
    item = item_of(find_flipbook(actor=Actor.operator(), flipbook_hash=book.hash))
    assert (item.state, item.page_count, item.failure) == (EditionState.COMPLETE, 2, "damaged")
