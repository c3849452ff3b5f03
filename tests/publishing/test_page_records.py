"""What a conversion writes down when other runs of the same edition write too, or something went missing."""

from dataclasses import replace

import pytest

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    EngineLost,
    FailureReason,
    PageConverted,
    PlaceholderReason,
)
from bifolio.infra.jobs import JobRun
from bifolio.publishing import conversion_job
from bifolio.publishing.conversion_job import convert_edition, convert_pages, give_up
from bifolio.publishing.models import Edition, EditionState
from bifolio.publishing.page_records import record_loss, record_page
from tests.converting import publish
from tests.documents import make_pdf

pytestmark = pytest.mark.django_db
RUN = JobRun(job_id=1, attempt=1, max_attempts=3, confirm_lease=lambda: None)


def opened(pages: int) -> Edition:
    """An edition whose first page is there."""
    edition = publish(make_pdf(pages=pages)).shown_edition
    convert_edition.function(RUN, edition_id=edition.pk)
    edition.refresh_from_db()
    return edition


def test_two_runs_with_the_same_pages_count_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = opened(pages=4)
    twins = [3, 2]

    def be_overtaken(run: JobRun, edition: Edition, page: PageConverted) -> None:
        if page.number in twins:
            twins.remove(page.number)
            convert_pages.function(run, edition_id=edition.pk, first=page.number, last=page.number)
        record_page(run, edition, page)

    monkeypatch.setattr(conversion_job, "record_page", be_overtaken)
    convert_pages.function(RUN, edition_id=edition.pk, first=2, last=4)
    edition.refresh_from_db()
    assert (edition.state, edition.pages_done, edition.pages.count()) == (EditionState.COMPLETE, 4, 4)


def test_engines_that_die_in_several_ranges_count_together() -> None:
    edition = opened(pages=8)
    lost = EngineLost(page=3, reason=PlaceholderReason.CRASHED, took_s=0.1)
    for _ in range(ConversionLimits().max_deaths - 1):
        record_loss(RUN, edition, lost)
    with pytest.raises(DocumentFailed) as failed:
        record_loss(RUN, edition, lost)
    assert failed.value.reason == FailureReason.CRASHED_REPEATEDLY
    assert Edition.objects.get(pk=edition.pk).deaths == ConversionLimits().max_deaths


def test_time_that_several_ranges_have_spent_counts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = opened(pages=4)

    def spend_elsewhere(run: JobRun, edition: Edition, page: PageConverted) -> None:
        Edition.objects.filter(pk=edition.pk).update(spent_s=ConversionLimits().document_timeout_s)
        record_page(run, edition, page)

    monkeypatch.setattr(conversion_job, "record_page", spend_elsewhere)
    convert_pages.function(RUN, edition_id=edition.pk, first=2, last=4)
    edition.refresh_from_db()
    assert (edition.state, edition.failure) == (EditionState.FAILED, FailureReason.OUT_OF_TIME)
    assert edition.pages_done == edition.pages.count() == 1


def test_a_document_that_is_slow_to_open_is_not_taken_for_one_of_slow_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edition = opened(pages=3)
    before_s = edition.spent_s

    def be_slow_to_open(run: JobRun, edition: Edition, page: PageConverted) -> None:
        record_page(run, edition, replace(page, took_s=0.25, opening_s=16.0))

    monkeypatch.setattr(conversion_job, "record_page", be_slow_to_open)
    convert_pages.function(RUN, edition_id=edition.pk, first=2, last=3)
    edition.refresh_from_db()
    assert edition.page_s < 1
    assert edition.spent_s == pytest.approx(before_s + 2 * 16.25)


def test_jobs_of_an_edition_that_is_gone_end_quietly() -> None:
    edition = publish().shown_edition
    gone = edition.pk + 1
    convert_edition.function(RUN, edition_id=gone)
    convert_pages.function(RUN, edition_id=gone, first=2, last=3)
    give_up(edition_id=gone)
