"""Files that no row names: what a crash between a blob and its row leaves behind."""

import time

import structlog

from bifolio.infra.storage import storage
from bifolio.publishing.models import Edition

log = structlog.get_logger(__name__)


def sweep_orphans(*, older_than_s: float) -> int:
    """Delete files of no edition, unchanged for ``older_than_s``. Return how many folders went.

    The age keeps off what is just being written: blobs come before their rows.
    """
    oldest_kept = time.time() - older_than_s
    doomed = [
        folder.prefix
        for namespace in ("pages/", "guarded/", "originals/")
        for folder in storage().folders(namespace)
        if folder.changed_at < oldest_kept and not _is_named(folder.prefix)
    ]
    for prefix in doomed:
        log.warning("orphan_swept", prefix=prefix)
        storage().delete_prefix(prefix)
    return len(doomed)


def _is_named(prefix: str) -> bool:
    namespace, name, _ = prefix.split("/")
    if namespace == "originals":
        return Edition.objects.filter(original__startswith=prefix).exists()
    return Edition.objects.filter(token=name, is_guarded=namespace == "guarded").exists()
