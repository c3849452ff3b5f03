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
    "incoming_folder",
    "storage",
]


def storage() -> Storage:
    """Return the store of the running installation."""
    return _local(configuration().data / "files")


def incoming_folder(data: Path) -> Path:
    """Return where files on their way in lie, on the same device as the store; made at first need.

    What stays there longer than a day belongs to nobody and is swept away.
    """
    folder = data / "files" / ".incoming"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


@cache
def _local(root: Path) -> Storage:
    return LocalStorage(root)
