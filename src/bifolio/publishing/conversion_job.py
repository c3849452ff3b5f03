"""The job that turns an edition's original into pages.

It may run again after any death: page files are named by their content, a page counts once its
row is in, each row goes in under the job's lease, and a new attempt does only what is missing.
"""

import hashlib
from contextlib import closing
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    DocumentOpened,
    FailureReason,
    FileKind,
    PageConverted,
)
from bifolio.conversion.run import convert
from bifolio.conversion.text import first_words
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun, enqueue, job
from bifolio.infra.storage import StorageFull, storage
from bifolio.kernel.errors import BifolioError
from bifolio.publishing.models import Edition, EditionState, Flipbook, Page
from bifolio.publishing.outcomes import complete_edition, fail_edition

log = structlog.get_logger(__name__)

_PAGES_TO_DESCRIBE_BY = 5
_DISK_FULL_PAUSE = timedelta(minutes=1)


class EditionWithdrawn(BifolioError):
    """The flipbook was deleted while its document was converting."""


def give_up(*, edition_id: int) -> None:
    """Fail an edition whose job has died on every attempt."""
    fail_edition(edition_id, FailureReason.CRASHED_REPEATEDLY)


@job(queue="conversion", max_attempts=3, backoff_s=2, timeout_s=1800, on_exhausted=give_up)
def convert_edition(run: JobRun, *, edition_id: int) -> None:
    """Convert what is missing of an edition, page 1 first."""
    edition = Edition.objects.get(pk=edition_id)
    if edition.state != EditionState.PROCESSING:
        return
    try:
        _convert(run, edition)
    except DocumentFailed as error:
        log.warning("document_failed", edition=edition_id, reason=error.reason, diagnostic=error.diagnostic)
        with transaction.atomic():
            run.check_lease()
            fail_edition(edition_id, error.reason)
    except EditionWithdrawn:
        storage().delete_prefix(edition.folder)
    except StorageFull:
        log.exception("disk_full", edition=edition_id, retry_in_s=_DISK_FULL_PAUSE.total_seconds())
        # Without a key, because this run still holds its own; no attempt is used up by waiting.
        enqueue(convert_edition, {"edition_id": edition_id}, run_at=timezone.now() + _DISK_FULL_PAUSE)
    else:
        with transaction.atomic():
            run.check_lease()
            complete_edition(edition_id)


def _convert(run: JobRun, edition: Edition) -> None:
    done = frozenset(edition.pages.values_list("number", flat=True))
    limits = ConversionLimits(max_pages=configuration().max_pages or 0)
    with (
        storage().open_range(edition.original) as source,
        closing(
            convert(source, FileKind(edition.kind), limits=limits, done=done, password=edition.password)
        ) as events,
    ):
        for event in events:
            run.raise_if_cancelled()
            if isinstance(event, DocumentOpened):
                _record_document(run, edition, event)
            elif isinstance(event, PageConverted):
                _record_page(run, edition, event)


def _record_document(run: JobRun, edition: Edition, document: DocumentOpened) -> None:
    with transaction.atomic():
        _require_living(run, edition)
        edition.page_count = document.page_count
        edition.language = document.language[:35]
        edition.direction = document.direction
        edition.outline = document.outline
        edition.page_labels = document.page_labels
        edition.engine_version = document.engine_version
        edition.save(
            update_fields=["page_count", "language", "direction", "outline", "page_labels", "engine_version"]
        )
        if document.title:
            _flipbooks_showing(edition).filter(title_is_given=False).update(title=document.title[:500])


def _record_page(run: JobRun, edition: Edition, page: PageConverted) -> None:
    files = _files_of(page)
    # The last of the disk is for the database: readers are counted while conversions wait.
    if not storage().has_room(sum(len(content) for _, content in files.values())):
        raise StorageFull
    storage().put_many_immutable([(edition.folder + name, content) for name, content in files.values()])
    with transaction.atomic():
        _require_living(run, edition)
        Page.objects.create(
            edition=edition,
            number=page.number,
            width_pt=page.width_pt,
            height_pt=page.height_pt,
            is_placeholder=page.placeholder is not None,
            text=page.text,
            **{field: name for field, (name, _) in files.items()},
        )
        Edition.objects.filter(pk=edition.pk).update(pages_done=F("pages_done") + 1)
        if page.number <= _PAGES_TO_DESCRIBE_BY:
            _describe(edition, page.text)


def _files_of(page: PageConverted) -> dict[str, tuple[str, bytes]]:
    contents = {
        "small": (page.small.extension, page.small.content),
        "medium": (page.medium.extension, page.medium.content),
        "large": (page.large.extension, page.large.content),
    }
    if page.layers is not None:
        contents["layers"] = ("json", page.layers)
    return {
        field: (f"{page.number}-{field}-{hashlib.sha256(content).hexdigest()[:10]}.{extension}", content)
        for field, (extension, content) in contents.items()
    }


def _describe(edition: Edition, text: str) -> None:
    undescribed = _flipbooks_showing(edition).filter(description_is_given=False, description="")
    undescribed.update(description=first_words(text))


def _flipbooks_showing(edition: Edition) -> QuerySet[Flipbook]:
    return Flipbook.objects.filter(current_edition=edition)


def _require_living(run: JobRun, edition: Edition) -> None:
    run.check_lease()
    if Flipbook.objects.filter(pk=edition.flipbook_id, deleted_at__isnull=False).exists():
        raise EditionWithdrawn
