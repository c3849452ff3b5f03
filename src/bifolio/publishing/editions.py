"""Editions come in, change their folder, and go: the files and rows of one uploaded document."""

from django.db import transaction

from bifolio.accounts.secret_box import seal
from bifolio.infra.jobs import enqueue
from bifolio.infra.storage import storage
from bifolio.kernel.ids import new_edition_token
from bifolio.publishing.conversion_job import convert_edition
from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.files import AcceptedFile
from bifolio.publishing.models import Edition, Flipbook
from bifolio.publishing.naming import title_of_file
from bifolio.publishing.purge_job import delete_folders, retire_editions
from bifolio.publishing.retention import mark_replaced
from bifolio.publishing.tiles import forget_tiles


def store_original(file: AcceptedFile) -> str:
    """Move the upload into the store and return its key. Durable before any row speaks of it."""
    key = f"originals/{new_edition_token()}/document.{file.kind.value}"
    storage().adopt(file.incoming.path, key)
    return key


def add_edition(flipbook: Flipbook, file: AcceptedFile, original: str) -> Edition:
    """Record an edition and enqueue its conversion, in the caller's transaction."""
    password = file.incoming.password
    edition = Edition(
        flipbook=flipbook,
        original=original,
        file_name=file.incoming.file_name[:255],
        kind=file.kind.value,
        size_bytes=file.incoming.size_bytes,
        sha256=file.incoming.sha256,
        sealed_password=seal(password) if password else b"",
        page_count=file.page_count,
    )
    return _record(edition)


def add_reconversion(flipbook: Flipbook) -> Edition:
    """Record an edition of the shown one's original, and enqueue as add_edition does."""
    edition = flipbook.shown_edition
    again = Edition(
        flipbook=flipbook,
        reconversion_of=edition,
        original=edition.original,
        file_name=edition.file_name,
        kind=edition.kind,
        size_bytes=edition.size_bytes,
        sha256=edition.sha256,
        sealed_password=edition.sealed_password,
        page_count=edition.page_count,
    )
    return _record(again)


def replace_edition(flipbook: Flipbook, replacement: Edition) -> None:
    """Let a new edition take the place of the shown one when it can, in the caller's transaction.

    One that has failed to do so before goes.
    """
    if flipbook.next_edition_id is not None:
        mark_replaced(flipbook.next_edition_id)
    flipbook.next_edition = replacement
    flipbook.save(update_fields=["next_edition"])
    retire_editions(flipbook)


def lock_flipbook(flipbook: Flipbook) -> Flipbook:
    """Hold the flipbook's row until the transaction ends. Raises FlipbookNotFound."""
    living = Flipbook.objects.filter(pk=flipbook.pk, deleted_at=None).select_related("workspace")
    locked = living.select_for_update(of=("self",)).first()
    if locked is None:
        raise FlipbookNotFound(flipbook.hash)
    return locked


def _record(edition: Edition) -> Edition:
    flipbook = edition.flipbook
    flipbook.editions_made += 1
    flipbook.save(update_fields=["editions_made"])
    edition.number = flipbook.editions_made
    # Only the first file names the book: catalogue-corrected.pdf is no better title.
    edition.title = title_of_file(edition.file_name) if edition.number == 1 else ""
    edition.is_guarded = flipbook.is_guarded
    edition.save(force_insert=True)
    enqueue(convert_edition, {"edition_id": edition.pk}, priority=1, unique_key=f"convert:{edition.pk}")
    return edition


def move_pages(flipbook: Flipbook) -> None:
    """Give every edition a new folder, guarded as the flipbook's status now asks.

    In the caller's transaction: a new folder is whole before its row names it, the old ones go
    after the commit. So an address that was handed out before dies with the change, one of an
    edition that has been replaced since as well.
    """
    shown = flipbook.shown_edition
    editions = [shown, *flipbook.editions.exclude(pk=shown.pk)]
    old_folders = [edition.folder for edition in editions]
    for edition in editions:
        old_folder = edition.folder
        edition.token = new_edition_token()
        edition.is_guarded = flipbook.is_guarded
        storage().copy_prefix(old_folder, edition.folder)
        edition.save(update_fields=["token", "is_guarded"])
    _delete_after_commit(old_folders)


def forget_pages(flipbook: Flipbook) -> None:
    """Take the page files of every edition away, after the caller's commit."""
    _delete_after_commit([edition.folder for edition in flipbook.editions.all()])


def _delete_after_commit(folders: list[str]) -> None:
    # At once for whoever took the book back; the job does it when a death comes in between.
    enqueue(delete_folders, {"folders": folders})
    transaction.on_commit(lambda: _delete_folders(folders), robust=True)


def _delete_folders(folders: list[str]) -> None:
    for folder in folders:
        storage().delete_prefix(folder)
        forget_tiles(folder)
