"""Every change to flipbooks. Each function holds permission, change and side effects."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from bifolio.accounts.actors import Actor, Permission
from bifolio.accounts.models import Workspace
from bifolio.infra.jobs import enqueue
from bifolio.infra.storage import storage
from bifolio.kernel.ids import FLIPBOOK_HASH, new_flipbook_hash
from bifolio.publishing.editions import (
    add_edition,
    forget_pages,
    lock_flipbook,
    move_pages,
    replace_edition,
    store_original,
)
from bifolio.publishing.errors import FlipbookNotFound, HashMisshapen, HashTaken
from bifolio.publishing.files import AcceptedFile, IncomingFile, accept
from bifolio.publishing.models import (
    Flipbook,
    FlipbookAlias,
    FlipbookStatus,
    IdempotentCreation,
)
from bifolio.publishing.naming import title_of_file
from bifolio.publishing.purge_job import KEEP_DELETED_FOR, purge_flipbook
from bifolio.publishing.queries import made_before, require_settled
from bifolio.publishing.quotas import refuse_when_spent, spend_upload


@dataclass(frozen=True, slots=True)
class FlipbookDetails:
    """What a publisher may say of a flipbook; None leaves the default or the value as it is.

    ``width`` and ``height`` are CSS pixels of the default embed. ``player_settings`` replaces
    keys of the same name and keeps the others.
    """

    title: str | None = None
    description: str | None = None
    width: int | None = None
    height: int | None = None
    status: FlipbookStatus | None = None
    player_settings: dict[str, Any] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the caller of a creation wants it to be known by."""

    idempotency_key: str | None
    wanted_hash: str | None


def create_flipbook(
    *,
    actor: Actor,
    workspace: Workspace,
    file: IncomingFile,
    details: FlipbookDetails,
    idempotency_key: str | None = None,
    wanted_hash: str | None = None,
) -> Flipbook:
    """Publish an upload as a new flipbook and start its conversion.

    The same ``idempotency_key`` gives the same flipbook again, and counts once. ``wanted_hash``
    gives it an old hash, so that links on the web keep working. Raises NotAllowed, the errors of
    ``files.accept``, UploadQuotaSpent, HashTaken, HashMisshapen.
    """
    actor.require(Permission.WRITE_FLIPBOOKS, workspace)
    made = made_before(workspace, idempotency_key)
    if made is not None:
        return made
    _require_free_hash(wanted_hash)
    accepted = accept(file)
    refuse_when_spent(workspace)
    try:
        with _stored(accepted) as original:
            return _record_flipbook(
                workspace, accepted, original, details, _Names(idempotency_key, wanted_hash)
            )
    except IntegrityError:
        # A retry that overtook its first try: the other has recorded the flipbook meanwhile.
        made = made_before(workspace, idempotency_key)
        if made is None:
            raise
        return made


def update_flipbook(
    *, actor: Actor, flipbook: Flipbook, details: FlipbookDetails, file: IncomingFile | None = None
) -> Flipbook:
    """Change what is given, and convert ``file`` as a new edition that replaces the shown one.

    Publishing a draft gives it its final hash; the old one stays an alias. Raises NotAllowed,
    FlipbookNotFound, FlipbookIsProcessing, and for a file what create_flipbook raises.
    """
    actor.require(Permission.WRITE_FLIPBOOKS, flipbook.workspace)
    is_replacing = file is not None or details.status is not None
    require_settled(flipbook, is_replacing=is_replacing)
    accepted = None
    if file is not None:
        accepted = accept(file)
        refuse_when_spent(flipbook.workspace)
    with _stored(accepted) as original, transaction.atomic():
        locked = lock_flipbook(flipbook)
        require_settled(locked, is_replacing=is_replacing)
        _apply(locked, details)
        if accepted is not None:
            spend_upload(locked.workspace)
            replace_edition(locked, add_edition(locked, accepted, original))
        locked.updated_at = timezone.now()
        locked.save()
    return locked


def delete_flipbook(*, actor: Actor, flipbook: Flipbook) -> None:
    """Take a flipbook back for good: links die at once, counts stay, the original goes later.

    Raises NotAllowed, and FlipbookNotFound when another was quicker.
    """
    actor.require(Permission.WRITE_FLIPBOOKS, flipbook.workspace)
    with transaction.atomic():
        now = timezone.now()
        if not Flipbook.objects.filter(pk=flipbook.pk, deleted_at=None).update(
            deleted_at=now, updated_at=now
        ):
            raise FlipbookNotFound(flipbook.hash)
        forget_pages(flipbook)
        enqueue(purge_flipbook, {"flipbook_id": flipbook.pk}, run_at=now + KEEP_DELETED_FOR)


@contextmanager
def _stored(file: AcceptedFile | None) -> Iterator[str]:
    """Store an upload for the block that records it, and take it away again when that fails.

    Whatever else ends the process in between leaves an orphan, which is swept: better that than
    to take away what has just been recorded.
    """
    if file is None:
        yield ""
        return
    original = store_original(file)
    try:
        yield original
    except Exception:
        storage().delete_prefix(original.rpartition("/")[0] + "/")
        raise


def _record_flipbook(
    workspace: Workspace,
    file: AcceptedFile,
    original: str,
    details: FlipbookDetails,
    names: _Names,
) -> Flipbook:
    with transaction.atomic():
        spend_upload(workspace)
        flipbook = Flipbook(workspace=workspace, title=title_of_file(file.incoming.file_name))
        flipbook.hash = names.wanted_hash or flipbook.hash
        _apply_details(flipbook, details)
        flipbook.published_at = None if flipbook.is_guarded else flipbook.created_at
        flipbook.save(force_insert=True)
        flipbook.current_edition = add_edition(flipbook, file, original)
        flipbook.save(update_fields=["current_edition"])
        if names.idempotency_key:
            IdempotentCreation.objects.create(
                workspace=workspace, key=names.idempotency_key, flipbook=flipbook
            )
    return flipbook


def _apply(flipbook: Flipbook, details: FlipbookDetails) -> None:
    was_guarded = flipbook.is_guarded
    _apply_details(flipbook, details)
    if was_guarded == flipbook.is_guarded:
        return
    move_pages(flipbook)
    if not flipbook.is_guarded and flipbook.published_at is None:
        FlipbookAlias.objects.create(hash=flipbook.hash, flipbook=flipbook)
        flipbook.hash = new_flipbook_hash()
        flipbook.published_at = timezone.now()


def _apply_details(flipbook: Flipbook, details: FlipbookDetails) -> None:
    if details.title is not None:
        flipbook.title, flipbook.title_is_given = details.title[:500], True
    if details.description is not None:
        flipbook.description, flipbook.description_is_given = details.description, True
    if details.player_settings is not None:
        flipbook.player_settings = {**flipbook.player_settings, **details.player_settings}
    flipbook.width = details.width or flipbook.width
    flipbook.height = details.height or flipbook.height
    flipbook.status = details.status or flipbook.status


def _require_free_hash(wanted_hash: str | None) -> None:
    if wanted_hash is None:
        return
    if not FLIPBOOK_HASH.fullmatch(wanted_hash):
        raise HashMisshapen(wanted_hash)
    is_taken = (
        Flipbook.objects.filter(hash=wanted_hash).exists()
        or FlipbookAlias.objects.filter(hash=wanted_hash).exists()
    )
    if is_taken:
        raise HashTaken(wanted_hash)
