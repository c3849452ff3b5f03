"""What becomes of a flipbook when a page of an edition is there, or its conversion ends.

Every function here is called in the transaction of the job that converts.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bifolio.conversion.events import FailureReason
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.publishing.naming import NAMES, name_by_edition
from bifolio.publishing.purge_job import retire_editions
from bifolio.publishing.retention import mark_replaced

_CHANGED_FIELDS = ("current_edition", "next_edition", "fallback_edition", "updated_at", *NAMES)


@transaction.atomic
def show_first_page(edition_id: int) -> None:
    """Show a replacement from now on: its page 1 is there, and readers see it grow."""
    _show(_flipbooks_of(edition_id).get(), edition_id)


@transaction.atomic
def complete_edition(edition_id: int) -> None:
    """Record that every page is there; what a replacement has replaced becomes history."""
    flipbook = _flipbooks_of(edition_id).get()
    if not _end(edition_id, EditionState.COMPLETE):
        return
    _show(flipbook, edition_id)
    if flipbook.current_edition_id == edition_id:
        flipbook.fallback_edition = None
        flipbook.save(update_fields=["fallback_edition"])
    retire_editions(flipbook)


@transaction.atomic
def fail_edition(edition_id: int, reason: FailureReason) -> None:
    """Record why an edition became no whole book; what was reached stays.

    A replacement that is shown already gives its place back to the edition before. An edition that
    is gone has nobody to be told.
    """
    flipbook = _flipbooks_of(edition_id).first()
    if flipbook is None or not _end(edition_id, EditionState.FAILED, reason):
        return
    if flipbook.current_edition_id == edition_id and flipbook.fallback_edition_id is not None:
        mark_replaced(edition_id)
        flipbook.next_edition, flipbook.current_edition = flipbook.current_edition, flipbook.fallback_edition
        flipbook.fallback_edition = None
        name_by_edition(flipbook)
        flipbook.updated_at = timezone.now()
    coming = flipbook.next_edition
    if coming is not None and coming.reconversion_of_id is not None:
        # The publisher has sent nothing anew, so there is no failure to tell.
        flipbook.next_edition = None
    flipbook.save(update_fields=_CHANGED_FIELDS)
    retire_editions(flipbook)


def _flipbooks_of(edition_id: int) -> QuerySet[Flipbook]:
    """Select the edition's flipbook, to be held until the transaction ends."""
    return Flipbook.objects.select_for_update(of=("self",)).filter(editions=edition_id)


def _end(edition_id: int, state: EditionState, failure: str = "") -> bool:
    """End a conversion that goes on. Return whether this call did it."""
    processing = Edition.objects.filter(pk=edition_id, state=EditionState.PROCESSING)
    return processing.update(state=state, failure=failure, finished_at=timezone.now()) == 1


def _show(flipbook: Flipbook, edition_id: int) -> None:
    """Put the flipbook's replacement in the place of what is shown."""
    if flipbook.next_edition_id != edition_id:
        return
    replaced = flipbook.shown_edition
    mark_replaced(replaced.pk)
    flipbook.fallback_edition = replaced if replaced.state == EditionState.COMPLETE else None
    flipbook.current_edition, flipbook.next_edition = flipbook.next_edition, None
    name_by_edition(flipbook)
    flipbook.updated_at = timezone.now()
    flipbook.save(update_fields=_CHANGED_FIELDS)
    retire_editions(flipbook)
