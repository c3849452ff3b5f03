"""The jobs that turn an edition's original into pages.

One opens the document and converts page 1, in a lane of its own, so that no other document's pages
delay it. The rest are ranges of pages, which workers share (``page_ranges``). Any of them may run
again after any death: page files are named by their content, a page counts once its row is in, each
row goes in under the job's lease, and a new attempt does only what is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    DocumentOpened,
    EngineLost,
    FailureReason,
    FileKind,
    PageRange,
)
from bifolio.conversion.run import convert
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun, enqueue, job
from bifolio.infra.jobs.lanes import CONVERSION, OPENING
from bifolio.infra.storage import StorageFull, storage
from bifolio.publishing.models import Edition, EditionState
from bifolio.publishing.outcomes import fail_edition
from bifolio.publishing.page_ranges import SharedRange, range_payload
from bifolio.publishing.page_records import (
    EditionSettled,
    EditionWithdrawn,
    record_document,
    record_loss,
    record_page,
)

log = structlog.get_logger(__name__)

_DISK_FULL_PAUSE = timedelta(minutes=1)
_FIRST_PAGE = PageRange(1, 1)


def give_up(*, edition_id: int, first: int = 1, last: int = 1) -> None:
    """Fail an edition of which a job has died on every attempt."""
    log.warning("conversion_given_up", edition=edition_id, first=first, last=last)
    fail_edition(edition_id, FailureReason.CRASHED_REPEATEDLY)


@job(queue=OPENING, max_attempts=3, backoff_s=2, timeout_s=120, on_exhausted=give_up)
def convert_edition(run: JobRun, *, edition_id: int) -> None:
    """Open an edition's document and convert its first page; the rest become jobs of their own."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        return

    def postpone(run_at: datetime) -> None:
        enqueue(convert_edition, {"edition_id": edition_id}, run_at=run_at)

    with _settling(run, edition, postpone):
        _convert(run, edition, SharedRange(run, convert_pages, edition, _FIRST_PAGE))
        with transaction.atomic():
            run.check_lease()
            rest = PageRange(2, edition.page_count or 1)
            if rest.count > 0:
                key = f"pages:{edition_id}"
                enqueue(convert_pages, range_payload(edition_id, rest), unique_key=key)


@job(queue=CONVERSION, max_attempts=3, backoff_s=2, timeout_s=1800, on_exhausted=give_up)
def convert_pages(run: JobRun, *, edition_id: int, first: int, last: int) -> None:
    """Convert what is missing of a range of pages, or the part of it that this run keeps."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        return
    shared = SharedRange(run, convert_pages, edition, PageRange(first, last))
    with _settling(run, edition, shared.postpone):
        if shared.goes_on_after(first - 1):
            _convert(run, edition, shared)


def _convert(run: JobRun, edition: Edition, shared: SharedRange) -> None:
    if edition.state != EditionState.PROCESSING:
        raise EditionSettled
    if edition.flipbook.deleted_at is not None:
        raise EditionWithdrawn
    done = frozenset(edition.pages.values_list("number", flat=True))
    if all(number in done for number in range(shared.pages.first, shared.pages.last + 1)):
        return
    with (
        storage().open_range(edition.original) as source,
        closing(
            convert(
                source,
                FileKind(edition.kind),
                limits=_limits_left(edition),
                done=done,
                pages=shared.pages,
                page_count=edition.page_count if edition.engine_version and edition.page_count else 0,
                password=edition.password,
            )
        ) as events,
    ):
        for event in events:
            run.raise_if_cancelled()
            if isinstance(event, DocumentOpened):
                record_document(run, edition, event)
            elif isinstance(event, EngineLost):
                record_loss(run, edition, event)
            else:
                record_page(run, edition, event)
                if not shared.goes_on_after(event.number):
                    return


def _limits_left(edition: Edition) -> ConversionLimits:
    """The document's limits less what its earlier runs have used up."""
    whole = ConversionLimits(max_pages=configuration().max_pages or 0)
    return replace(
        whole,
        document_timeout_s=max(1.0, whole.document_timeout_s - edition.spent_s),
        max_deaths=max(1, whole.max_deaths - edition.deaths),
    )


@contextmanager
def _settling(run: JobRun, edition: Edition, postpone: Callable[[datetime], None]) -> Iterator[None]:
    """Let the block end as a job may: with a failed edition, a deleted one, or a pause."""
    try:
        yield
    except DocumentFailed as error:
        log.warning("document_failed", edition=edition.pk, reason=error.reason, diagnostic=error.diagnostic)
        with transaction.atomic():
            run.check_lease()
            fail_edition(edition.pk, error.reason)
    except EditionSettled:
        log.info("edition_settled", edition=edition.pk)
    except EditionWithdrawn:
        storage().delete_prefix(edition.folder)
    except StorageFull:
        log.exception("disk_full", edition=edition.pk, retry_in_s=_DISK_FULL_PAUSE.total_seconds())
        # Without a key, because this run still holds its own; no attempt is used up by waiting.
        postpone(timezone.now() + _DISK_FULL_PAUSE)
