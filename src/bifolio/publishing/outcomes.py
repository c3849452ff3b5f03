"""What becomes of a flipbook when a page of an edition is there, or its conversion ends.

Every function here is called in the transaction of the job that converts.
"""

from django.utils import timezone

from bifolio.conversion.events import FailureReason
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.publishing.purge_job import purge_replaced


def complete_edition(edition_id: int) -> None:
    """Record that every page is there; a replacement is shown from now on."""
    if _end(edition_id, EditionState.COMPLETE):
        _show_replacement(edition_id)


def fail_edition(edition_id: int, reason: FailureReason) -> None:
    """Record why an edition became no whole book; what was reached stays."""
    _end(edition_id, EditionState.FAILED, reason)


def _end(edition_id: int, state: EditionState, failure: str = "") -> bool:
    """End a conversion that goes on. Return whether this call did it."""
    processing = Edition.objects.filter(pk=edition_id, state=EditionState.PROCESSING)
    return processing.update(state=state, failure=failure, finished_at=timezone.now()) == 1


def _show_replacement(edition_id: int) -> None:
    flipbook = Flipbook.objects.filter(next_edition_id=edition_id).first()
    if flipbook is None:
        return
    purge_replaced(flipbook.shown_edition.pk)
    flipbook.current_edition_id, flipbook.next_edition_id = edition_id, None
    flipbook.updated_at = timezone.now()
    flipbook.save(update_fields=["current_edition", "next_edition", "updated_at"])
