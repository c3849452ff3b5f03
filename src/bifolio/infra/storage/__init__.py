"""Files that Bifolio keeps: one port, adapters behind it. ``storage()`` is the one in use."""

from functools import cache
from pathlib import Path

from bifolio.infra.configuration import configuration
from bifolio.infra.storage.errors import BlobConflict, BlobMissing, InvalidKey, StorageFull
from bifolio.infra.storage.local import LocalStorage
from bifolio.infra.storage.port import BlobStat, Storage

__all__ = [
    "BlobConflict",
    "BlobMissing",
    "BlobStat",
    "InvalidKey",
    "Storage",
    "StorageFull",
    "storage",
]


def storage() -> Storage:
    """Return the store of the running installation."""
    return _local(configuration().data / "files")


@cache
def _local(root: Path) -> Storage:
    return LocalStorage(root)
