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
    swept = 0
    for namespace in ("pages/", "guarded/", "originals/"):
        old = {f.prefix for f in storage().folders(namespace) if f.changed_at < oldest_kept}
        # The names are read after the folders, so that a folder recorded meanwhile is known.
        for prefix in old - _named_folders() if old else ():
            log.warning("orphan_swept", prefix=prefix)
            storage().delete_prefix(prefix)
            swept += 1
    return swept


def _named_folders() -> set[str]:
    named = set()
    for edition in Edition.objects.only("token", "is_guarded", "original").iterator():
        named |= {edition.folder, edition.original_folder}
    return named
