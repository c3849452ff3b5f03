"""Editions come in, change their folder, and go: the files and rows of one uploaded document."""

from django.db import transaction

from bifolio.infra.jobs import enqueue
from bifolio.infra.storage import storage
from bifolio.kernel.ids import new_edition_token
from bifolio.publishing.conversion_job import convert_edition
from bifolio.publishing.files import AcceptedFile
from bifolio.publishing.models import Edition, Flipbook
from bifolio.publishing.purge_job import delete_folders


def store_original(file: AcceptedFile) -> str:
    """Move the upload into the store and return its key. Durable before any row speaks of it."""
    key = f"originals/{new_edition_token()}/document.{file.kind.value}"
    storage().adopt(file.incoming.path, key)
    return key


def add_edition(flipbook: Flipbook, file: AcceptedFile, original: str) -> Edition:
    """Record an edition and enqueue its conversion, in the caller's transaction."""
    edition = Edition.objects.create(
        flipbook=flipbook,
        is_guarded=flipbook.is_guarded,
        original=original,
        file_name=file.incoming.file_name[:255],
        kind=file.kind.value,
        size_bytes=file.incoming.size_bytes,
        sha256=file.incoming.sha256,
        page_count=file.page_count,
    )
    enqueue(convert_edition, {"edition_id": edition.pk}, unique_key=f"convert:{edition.pk}")
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
