"""Files that readers may no longer have go at once, the rest of a deleted flipbook after its time."""

from datetime import timedelta

from django.utils import timezone

from bifolio.infra.jobs import JobRun, enqueue, job
from bifolio.infra.storage import storage
from bifolio.publishing.models import Edition

KEEP_DELETED_FOR = timedelta(days=30)
KEEP_REPLACED_FOR = timedelta(hours=24)
"""As long as a visit token: whoever has the old edition open can read it to its end."""


@job(queue="upkeep", max_attempts=5, backoff_s=3600, timeout_s=600)
def purge_flipbook(_run: JobRun, *, flipbook_id: int) -> None:
    """Delete originals, page files and page rows of a flipbook that is still deleted."""
    for edition in Edition.objects.filter(flipbook_id=flipbook_id, flipbook__deleted_at__isnull=False):
        storage().delete_prefix(edition.folder)
        storage().delete_prefix(edition.original.rpartition("/")[0] + "/")
        edition.pages.all().delete()


@job(queue="upkeep", max_attempts=5, backoff_s=3600, timeout_s=600)
def purge_edition(_run: JobRun, *, edition_id: int) -> None:
    """Delete an edition that its flipbook neither shows nor is about to show, with all its files."""
    edition = Edition.objects.select_related("flipbook").filter(pk=edition_id).first()
    if edition is None or edition_id in {
        edition.flipbook.current_edition_id,
        edition.flipbook.next_edition_id,
    }:
        return
    edition.delete()
    storage().delete_prefix(edition.folder)
    storage().delete_prefix(edition.original.rpartition("/")[0] + "/")


def purge_replaced(edition_id: int) -> None:
    """Enqueue the end of a replaced edition, in the caller's transaction."""
    enqueue(purge_edition, {"edition_id": edition_id}, run_at=timezone.now() + KEEP_REPLACED_FOR)


@job(queue="upkeep", max_attempts=5, backoff_s=60, timeout_s=600)
def delete_folders(_run: JobRun, *, folders: list[str]) -> None:
    """Delete folders of the store; those that are gone already do not matter."""
    for folder in folders:
        storage().delete_prefix(folder)
