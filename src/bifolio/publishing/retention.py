"""Which editions of a flipbook stay, and when the others go."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from bifolio.infra.configuration import configuration
from bifolio.publishing.models import Edition, EditionState, Flipbook

KEEP_REPLACED_FOR = timedelta(hours=24)
"""As long as a visit token: whoever has the old edition open can read it to its end."""


def kept_edition_ids(flipbook: Flipbook) -> set[int]:
    """Return the editions that nothing may purge: those in use, and the newest whole ones before them."""
    in_use = flipbook.edition_ids_in_use
    earlier = history_of(flipbook).exclude(pk__in=in_use).values_list("pk", flat=True)
    return in_use | set(earlier[: configuration().keep_editions])


def history_of(flipbook: Flipbook) -> QuerySet[Edition]:
    """Select the whole editions, newest first.

    Without those whose original has been converted anew: the new one shows the same document.
    """
    whole = flipbook.editions.filter(state=EditionState.COMPLETE)
    superseded = whole.filter(reconversions__state=EditionState.COMPLETE).values("pk")
    return whole.exclude(pk__in=superseded).order_by("-number")


def leaves_at(edition: Edition) -> datetime:
    """Return when an edition that is not kept goes."""
    return (edition.replaced_at or edition.finished_at or edition.created_at) + KEEP_REPLACED_FOR


def mark_replaced(edition_id: int) -> None:
    """Note that readers are shown another edition from now on."""
    Edition.objects.filter(pk=edition_id).update(replaced_at=timezone.now())
