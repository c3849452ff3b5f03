"""Writes down what a conversion says: the document, and each page with its files.

Each record goes in under the lease of its job, so that a run which has lost it changes nothing.
"""

import hashlib

import structlog
from django.db import transaction
from django.db.models import F
from prometheus_client import Counter

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    DocumentOpened,
    EngineLost,
    FailureReason,
    PageConverted,
)
from bifolio.infra.jobs import JobRun
from bifolio.infra.storage import StorageFull, storage
from bifolio.kernel.errors import BifolioError
from bifolio.publishing.models import Edition, EditionState, Flipbook, Page
from bifolio.publishing.naming import NAMES, PAGES_TO_DESCRIBE_BY, name_by_edition
from bifolio.publishing.outcomes import complete_edition, fail_edition, show_first_page

log = structlog.get_logger(__name__)

PAGES = Counter("bifolio_pages", "Converted pages: rendered, or why they are placeholders", ["outcome"])
ENGINES_LOST = Counter("bifolio_engines_lost", "Engines that died or hung on a document", ["reason"])

_DOCUMENT_FIELDS = (
    "title",
    "page_count",
    "language",
    "direction",
    "outline",
    "page_labels",
    "engine_version",
)
_PAGE_S_WEIGHT = 0.5


class EditionWithdrawn(BifolioError):
    """The flipbook was deleted while its document was converting."""


class EditionSettled(BifolioError):
    """Another run has ended the conversion of this edition: nothing is left to do."""


def record_document(run: JobRun, edition: Edition, document: DocumentOpened) -> None:
    """Note what a document says about itself.

    Raises LeaseLost, EditionWithdrawn, EditionSettled, and DocumentFailed when the time is spent.
    """
    with transaction.atomic():
        _require_living(run, edition)
        edition.title = document.title[:500] or edition.title
        edition.page_count = document.page_count
        edition.language = document.language[:35]
        edition.direction = document.direction
        edition.outline = document.outline
        edition.page_labels = document.page_labels
        edition.engine_version = document.engine_version
        edition.save(update_fields=_DOCUMENT_FIELDS)
        _name_flipbook_showing(edition)


def record_loss(run: JobRun, edition: Edition, loss: EngineLost) -> None:
    """Count a dead engine and its time against the edition. Raises as record_document does.

    The limit of deaths holds for all ranges together, so that it may be reached here.
    """
    log.warning(
        "engine_lost",
        edition=edition.pk,
        page=loss.page,
        reason=loss.reason,
        took_s=round(loss.took_s, 1),
        diagnostic=loss.diagnostic,
    )
    ENGINES_LOST.labels(loss.reason).inc()
    row = Edition.objects.filter(pk=edition.pk)
    with transaction.atomic():
        _require_living(run, edition)
        row.update(deaths=F("deaths") + 1, spent_s=F("spent_s") + loss.took_s, page_s=_smoothed(loss.took_s))
        deaths = row.values_list("deaths", flat=True).get()
    if deaths >= ConversionLimits().max_deaths:
        raise DocumentFailed(FailureReason.CRASHED_REPEATEDLY, page=loss.page)


def record_page(run: JobRun, edition: Edition, page: PageConverted) -> None:
    """Store a page's files, then its row; the last missing one completes the edition.

    A page that another run has recorded meanwhile stays as it is. Raises StorageFull, and what
    record_document raises.
    """
    files = _files_of(page)
    # The last of the disk is for the database: readers are counted while conversions wait.
    if not storage().has_room(sum(len(content) for _, content in files.values())):
        raise StorageFull
    storage().put_many_immutable([(edition.folder + name, content) for name, content in files.values()])
    with transaction.atomic():
        _require_living(run, edition)
        # A run that dies between its last write and its end runs again, beside those that went on for it.
        if edition.pages.filter(number=page.number).exists():
            return
        Page.objects.create(
            edition=edition,
            number=page.number,
            width_pt=page.width_pt,
            height_pt=page.height_pt,
            is_placeholder=page.placeholder is not None,
            text=page.text,
            **{field: name for field, (name, _) in files.items()},
        )
        Edition.objects.filter(pk=edition.pk).update(
            pages_done=F("pages_done") + 1,
            spent_s=F("spent_s") + page.opening_s + page.took_s,
            page_s=_smoothed(page.took_s),
        )
        run.note_progress()
        if page.number == 1:
            show_first_page(edition.pk)
        if page.number <= PAGES_TO_DESCRIBE_BY:
            _name_flipbook_showing(edition)
        _complete_if_whole(edition.pk)
    _count(edition, page)


def _count(edition: Edition, page: PageConverted) -> None:
    if page.placeholder is not None:
        log.warning("page_not_rendered", edition=edition.pk, page=page.number, reason=page.placeholder)
    PAGES.labels(page.placeholder or "rendered").inc()


def _complete_if_whole(edition_id: int) -> None:
    if not Edition.objects.filter(pk=edition_id, pages_done=F("page_count")).exists():
        return
    if Page.objects.filter(edition_id=edition_id, is_placeholder=False).exists():
        complete_edition(edition_id)
    else:
        fail_edition(edition_id, FailureReason.NO_PAGE_RENDERED)


def _smoothed(took_s: float) -> object:
    """The new ``page_s``: the last pages weigh most, so that a slow stretch shows at once."""
    return F("page_s") * (1 - _PAGE_S_WEIGHT) + took_s * _PAGE_S_WEIGHT


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


def _name_flipbook_showing(edition: Edition) -> None:
    flipbook = Flipbook.objects.filter(current_edition=edition).select_related("current_edition").first()
    if flipbook is not None:
        name_by_edition(flipbook)
        flipbook.save(update_fields=NAMES)


def _require_living(run: JobRun, edition: Edition) -> None:
    run.check_lease()
    # Whoever changes a flipbook locks its row first: so do we, and never wait in a circle.
    flipbook = Flipbook.objects.select_for_update(of=("self",)).get(pk=edition.flipbook_id)
    if flipbook.deleted_at is not None:
        raise EditionWithdrawn
    processing = Edition.objects.filter(pk=edition.pk, state=EditionState.PROCESSING)
    spent_s = processing.values_list("spent_s", flat=True).first()
    if spent_s is None:
        raise EditionSettled
    if spent_s >= ConversionLimits().document_timeout_s:
        raise DocumentFailed(FailureReason.OUT_OF_TIME)
