"""The monthly upload quota of a workspace, exact under concurrency."""

from datetime import UTC, datetime

from django.db.models import F

from bifolio.accounts.models import Workspace
from bifolio.infra.configuration import configuration
from bifolio.publishing.errors import UploadQuotaSpent
from bifolio.publishing.models import UploadMonth


def uploads_this_month(workspace: Workspace) -> int:
    """Return how many uploads count in the current calendar month (UTC)."""
    found = UploadMonth.objects.filter(workspace=workspace, month=_month()).first()
    return found.uploads if found else 0


def refuse_when_spent(workspace: Workspace) -> None:
    """Raise UploadQuotaSpent early, before a file is stored for nothing."""
    limit = configuration().uploads_per_month
    if limit is not None and uploads_this_month(workspace) >= limit:
        raise UploadQuotaSpent(limit)


def spend_upload(workspace: Workspace) -> None:
    """Count one upload, in the caller's transaction. Raises UploadQuotaSpent.

    One conditional UPDATE, so that simultaneous uploads never pass the limit together.
    """
    limit = configuration().uploads_per_month
    row, _ = UploadMonth.objects.get_or_create(workspace=workspace, month=_month())
    counted = UploadMonth.objects.filter(pk=row.pk)
    if limit is not None:
        counted = counted.filter(uploads__lt=limit)
    if not counted.update(uploads=F("uploads") + 1):
        raise UploadQuotaSpent(limit or 0)


def _month() -> str:
    return datetime.now(UTC).strftime("%Y-%m")
