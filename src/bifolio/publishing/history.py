"""The editions of a flipbook: list them, show an earlier one again, convert the shown one anew."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bifolio.accounts.actors import Actor, Permission
from bifolio.accounts.models import Workspace
from bifolio.conversion.run import engine_version
from bifolio.publishing.editions import add_reconversion, lock_flipbook, replace_edition
from bifolio.publishing.errors import EditionNotFound, EditionNotWhole, NoEarlierEdition
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.publishing.naming import NAMES, name_by_edition
from bifolio.publishing.purge_job import retire_editions
from bifolio.publishing.queries import require_settled
from bifolio.publishing.retention import history_of, kept_edition_ids, leaves_at, mark_replaced


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """An edition as its flipbook has it. ``leaves_at`` is when it goes; None while it is kept."""

    edition: Edition
    is_shown: bool
    leaves_at: datetime | None


def editions_of(*, actor: Actor, flipbook: Flipbook) -> list[KeptEdition]:
    """Return the flipbook's editions, newest first. Raises NotAllowed."""
    actor.require(Permission.READ_FLIPBOOKS, flipbook.workspace)
    kept = kept_edition_ids(flipbook)
    return [
        KeptEdition(
            edition=edition,
            is_shown=edition.pk == flipbook.current_edition_id,
            leaves_at=None if edition.pk in kept else leaves_at(edition),
        )
        for edition in flipbook.editions.order_by("-number")
    ]


def roll_back(*, actor: Actor, flipbook: Flipbook, number: int | None = None) -> Flipbook:
    """Show another whole edition again: that of ``number``, else the last one before the shown one.

    What was shown stays as history. Raises NotAllowed, FlipbookNotFound, FlipbookIsProcessing,
    EditionNotFound, EditionNotWhole, NoEarlierEdition.
    """
    actor.require(Permission.WRITE_FLIPBOOKS, flipbook.workspace)
    with transaction.atomic():
        locked = lock_flipbook(flipbook)
        require_settled(locked, is_replacing=True)
        target = _earlier(locked) if number is None else _numbered(locked, number)
        for left_id in locked.edition_ids_in_use - {target.pk}:
            mark_replaced(left_id)
        locked.current_edition, locked.next_edition = target, None
        name_by_edition(locked)
        locked.updated_at = timezone.now()
        locked.save(update_fields=["current_edition", "next_edition", "updated_at", *NAMES])
        retire_editions(locked)
    return locked


def reconvert(*, actor: Actor, flipbook: Flipbook) -> Edition:
    """Convert the shown edition's original with today's engine. No upload is counted.

    The new edition is shown as any replacement is, and the one that it supersedes is not kept.
    Raises NotAllowed, FlipbookNotFound, FlipbookIsProcessing.
    """
    actor.require(Permission.WRITE_FLIPBOOKS, flipbook.workspace)
    with transaction.atomic():
        locked = lock_flipbook(flipbook)
        require_settled(locked, is_replacing=True)
        edition = add_reconversion(locked)
        replace_edition(locked, edition)
    return edition


def whole_flipbooks(*, actor: Actor, workspace: Workspace) -> QuerySet[Flipbook]:
    """Select the workspace's flipbooks that show a whole edition, oldest first. Raises NotAllowed."""
    actor.require(Permission.READ_FLIPBOOKS, workspace)
    living = Flipbook.objects.filter(workspace=workspace, deleted_at=None)
    return living.filter(current_edition__state=EditionState.COMPLETE).order_by("pk")


def made_by_another_engine(*, actor: Actor, workspace: Workspace) -> QuerySet[Flipbook]:
    """Select the whole flipbooks whose pages today's engine has not made. Raises NotAllowed."""
    whole = whole_flipbooks(actor=actor, workspace=workspace)
    return whole.exclude(current_edition__engine_version=engine_version())


def _earlier(flipbook: Flipbook) -> Edition:
    earlier = history_of(flipbook).filter(number__lt=flipbook.shown_edition.number).first()
    if earlier is None:
        raise NoEarlierEdition(flipbook.hash)
    return earlier


def _numbered(flipbook: Flipbook, number: int) -> Edition:
    edition = flipbook.editions.filter(number=number).first()
    if edition is None:
        raise EditionNotFound(flipbook.hash, number)
    if edition.state != EditionState.COMPLETE:
        raise EditionNotWhole(flipbook.hash, number)
    return edition
