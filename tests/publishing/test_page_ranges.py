"""Sharing a document's pages, seen between two pages of a run on a real job table."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bifolio.accounts.models import Workspace
from bifolio.conversion.events import PageRange
from bifolio.infra.jobs import enqueue, leases
from bifolio.infra.jobs.lanes import CONVERSION
from bifolio.infra.jobs.leases import Lease
from bifolio.infra.jobs.models import Job, JobState, Worker
from bifolio.publishing import page_ranges
from bifolio.publishing.conversion_job import convert_pages
from bifolio.publishing.models import Edition, EditionState
from bifolio.publishing.page_ranges import SharedRange, range_payload
from tests.converting import convert, publish
from tests.documents import make_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return publish().shown_edition


@pytest.fixture(autouse=True)
def always_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_ranges, "LOOK_EVERY_S", 0)


def begin(edition: Edition, first: int, last: int) -> tuple[Lease, SharedRange]:
    """Claim a range as a worker does."""
    enqueue(convert_pages, range_payload(edition.pk, PageRange(first, last)))
    lease = leases.claim("worker", [CONVERSION])
    assert lease is not None
    shared = SharedRange(leases.run_of(lease), convert_pages, edition, PageRange(first, last))
    return lease, shared


def have_workers(count: int) -> None:
    for number in range(count):
        Worker.objects.create(owner=f"{number}", queues=CONVERSION, last_seen_at=timezone.now())


def waiting() -> list[tuple[int, int]]:
    queued = Job.objects.filter(name=convert_pages.name, state=JobState.QUEUED).order_by("id")
    return [(job.payload["first"], job.payload["last"]) for job in queued]


def payload_of(lease: Lease) -> dict[str, int]:
    payload: dict[str, int] = Job.objects.get(pk=lease.job_id).payload
    return payload


def end_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_ranges, "TURN_S", 0)


def make_slow(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(page_s=5.0)


def test_alone_a_run_keeps_all_its_pages(edition: Edition) -> None:
    have_workers(1)
    _, shared = begin(edition, 2, 100)
    assert shared.goes_on_after(1)
    assert (shared.pages, waiting()) == (PageRange(2, 100), [])
    assert not shared.goes_on_after(100)


def test_idle_workers_get_equal_parts(edition: Edition) -> None:
    have_workers(4)
    lease, shared = begin(edition, 2, 101)
    assert shared.goes_on_after(1)
    assert shared.pages == PageRange(2, 26)
    assert waiting() == [(27, 51), (52, 76), (77, 101)]
    assert payload_of(lease) == {"edition_id": edition.pk, "first": 2, "last": 26}


def test_few_pages_are_not_torn_apart(edition: Edition) -> None:
    have_workers(4)
    _, shared = begin(edition, 2, 8)
    assert shared.goes_on_after(1)
    assert (shared.pages, waiting()) == (PageRange(2, 8), [])


def test_parts_that_wait_already_count_as_work_for_the_idle(edition: Edition) -> None:
    have_workers(2)
    _, shared = begin(edition, 2, 101)
    shared.goes_on_after(1)
    shared.goes_on_after(2)
    assert waiting() == [(52, 101)]


def test_a_run_whose_turn_is_over_goes_behind_another_document(
    edition: Edition, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease, shared = begin(edition, 2, 100)
    other = publish(workspace=workspace).shown_edition
    enqueue(convert_pages, range_payload(other.pk, PageRange(2, 3)))
    assert shared.goes_on_after(9)
    end_turn(monkeypatch)
    assert not shared.goes_on_after(10)
    assert payload_of(lease)["last"] == 10
    assert waiting() == [(2, 3), (11, 100)]


def test_a_range_of_the_same_document_ends_no_turn(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    _, shared = begin(edition, 2, 50)
    enqueue(convert_pages, range_payload(edition.pk, PageRange(51, 100)))
    end_turn(monkeypatch)
    assert shared.goes_on_after(10)


def test_slow_pages_end_a_turn_at_once_when_others_wait(edition: Edition, workspace: Workspace) -> None:
    _, shared = begin(edition, 2, 100)
    other = publish(workspace=workspace).shown_edition
    enqueue(convert_pages, range_payload(other.pk, PageRange(2, 3)))
    make_slow(edition)
    assert not shared.goes_on_after(2)
    assert waiting() == [(2, 3), (3, 100)]


def test_slow_documents_that_wait_for_each_other_get_on(edition: Edition, workspace: Workspace) -> None:
    other = publish(workspace=workspace).shown_edition
    for slow in (edition, other):
        make_slow(slow)
        enqueue(convert_pages, range_payload(slow.pk, PageRange(2, 100)))
    for slow in (edition, other):
        lease = leases.claim("worker", [CONVERSION])
        assert lease is not None
        shared = SharedRange(leases.run_of(lease), convert_pages, slow, PageRange(2, 100))
        assert shared.goes_on_after(1)
        assert not shared.goes_on_after(2)
        leases.finish(lease)
    assert waiting() == [(3, 100), (3, 100)]


def test_slow_pages_are_not_shared_out(edition: Edition) -> None:
    have_workers(4)
    make_slow(edition)
    _, shared = begin(edition, 2, 100)
    assert shared.goes_on_after(1)
    assert waiting() == []


def test_a_slow_document_leaves_half_of_the_workers_free_though_nobody_waits(edition: Edition) -> None:
    have_workers(2)
    first_lease, first = begin(edition, 2, 50)
    second_lease, second = begin(edition, 51, 100)
    assert first_lease.job_id < second_lease.job_id
    make_slow(edition)
    assert not second.goes_on_after(60)
    assert first.goes_on_after(10)
    later = Job.objects.get(state=JobState.QUEUED, payload__first=61)
    assert later.not_before is not None
    assert later.not_before > timezone.now() + timedelta(seconds=1)


def test_a_range_put_off_before_its_first_page_is_empty_when_tried_again(edition: Edition) -> None:
    have_workers(2)
    begin(edition, 2, 50)
    make_slow(edition)
    lease, shared = begin(edition, 51, 100)
    assert not shared.goes_on_after(50)
    again = SharedRange(
        leases.run_of(lease), convert_pages, edition, PageRange(51, payload_of(lease)["last"])
    )
    assert not again.goes_on_after(50)


def test_a_whole_book_is_converted_by_ranges_that_split() -> None:
    have_workers(4)
    edition = convert(publish(make_pdf(pages=20))).shown_edition
    assert list(edition.pages.values_list("number", flat=True)) == list(range(1, 21))
    assert (edition.state, edition.pages_done) == (EditionState.COMPLETE, 20)
