"""Files that readers may no longer have go at once, the rest of a deleted flipbook after its time."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun, enqueue, job
from bifolio.infra.storage import storage
from bifolio.publishing.models import Edition, Flipbook
from bifolio.publishing.retention import kept_edition_ids, leaves_at
from bifolio.publishing.tiles import forget_tiles

KEEP_DELETED_FOR = timedelta(days=30)


@job(queue="upkeep", max_attempts=5, backoff_s=3600, timeout_s=600)
def purge_flipbook(_run: JobRun, *, flipbook_id: int) -> None:
    """Delete originals with their passwords, page files and page rows of a flipbook that is still deleted."""
    editions = Edition.objects.filter(flipbook_id=flipbook_id, flipbook__deleted_at__isnull=False)
    for edition in editions:
        storage().delete_prefix(edition.folder)
        storage().delete_prefix(edition.original_folder)
        edition.pages.all().delete()
    editions.update(sealed_password=b"")


@job(queue="upkeep", max_attempts=5, backoff_s=3600, timeout_s=600)
def purge_edition(_run: JobRun, *, edition_id: int) -> None:
    """Delete an edition that is not kept, with its files; its original only when no other has it too."""
    with transaction.atomic():
        editions = Edition.objects.filter(pk=edition_id)
        flipbook = Flipbook.objects.select_for_update().filter(pk__in=editions.values("flipbook")).first()
        edition = editions.first()
        if flipbook is None or edition is None or edition_id in kept_edition_ids(flipbook):
            return
        if leaves_at(edition) > timezone.now():
            return
        edition.delete()
        is_shared = Edition.objects.filter(original=edition.original).exists()
    storage().delete_prefix(edition.folder)
    forget_tiles(edition.folder)
    if not is_shared:
        storage().delete_prefix(edition.original_folder)


def retire_editions(flipbook: Flipbook) -> None:
    """Enqueue the end of every edition that is not kept, in the caller's transaction."""
    for edition in flipbook.editions.exclude(pk__in=kept_edition_ids(flipbook)):
        run_at = leaves_at(edition)
        key = f"purge:{edition.pk}:{run_at.timestamp():.0f}"
        enqueue(purge_edition, {"edition_id": edition.pk}, run_at=run_at, unique_key=key)


def sweep_editions() -> None:
    """Retire the editions that a lowered BIFOLIO_KEEP_EDITIONS no longer keeps."""
    counted = Flipbook.objects.filter(deleted_at=None).annotate(edition_count=Count("editions"))
    for flipbook in counted.filter(edition_count__gt=configuration().keep_editions + 1):
        retire_editions(flipbook)


@job(queue="upkeep", max_attempts=5, backoff_s=60, timeout_s=600)
def delete_folders(_run: JobRun, *, folders: list[str]) -> None:
    """Delete folders of the store; those that are gone already do not matter."""
    for folder in folders:
        storage().delete_prefix(folder)
        forget_tiles(folder)
