"""Files that readers may no longer have go at once, the rest of a deleted flipbook after its time."""

from datetime import timedelta

from bifolio.infra.jobs import JobRun, job
from bifolio.infra.storage import storage
from bifolio.publishing.models import Edition

KEEP_DELETED_FOR = timedelta(days=30)


@job(queue="upkeep", max_attempts=5, backoff_s=3600, timeout_s=600)
def purge_flipbook(_run: JobRun, *, flipbook_id: int) -> None:
    """Delete originals, page files and page rows of a flipbook that is still deleted."""
    for edition in Edition.objects.filter(flipbook_id=flipbook_id, flipbook__deleted_at__isnull=False):
        storage().delete_prefix(edition.folder)
        storage().delete_prefix(edition.original.rpartition("/")[0] + "/")
        edition.pages.all().delete()


@job(queue="upkeep", max_attempts=5, backoff_s=60, timeout_s=600)
def delete_folders(_run: JobRun, *, folders: list[str]) -> None:
    """Delete folders of the store; those that are gone already do not matter."""
    for folder in folders:
        storage().delete_prefix(folder)
