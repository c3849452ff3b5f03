"""The port: what every store of files can do. Blobs are immutable and named by keys (``keys``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class BlobStat:
    """What is known of a blob without reading it."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a namespace, such as ``pages/TOKEN/``, and when it was last changed (Unix seconds)."""

    prefix: str
    changed_at: float


class Storage(Protocol):
    """A store of immutable blobs.

    What a write returned from survives a power cut; a write that raised left nothing visible.
    Every method raises InvalidKey on a malformed key; writes raise StorageFull.
    """

    def put_immutable(self, key: str, data: bytes) -> None:
        """Store ``data``. The same again is no error; other data under the key is BlobConflict."""

    def put_many_immutable(self, blobs: Iterable[tuple[str, bytes]]) -> None:
        """Store several blobs at less cost than one by one. Each is whole or absent, in any order."""

    def adopt(self, path: Path, key: str) -> None:
        """Move a finished file that lies in the data folder into the store.

        As ``put_immutable`` otherwise. ``path`` is gone afterwards, and untouched when this raises.
        """

    def open_range(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open ``length`` bytes from ``start`` on (to the end by default). Raises BlobMissing."""

    def stat(self, key: str) -> BlobStat:
        """Return the size. Raises BlobMissing."""

    def exists(self, key: str) -> bool:
        """Whether something is stored under the key."""

    def delete_prefix(self, prefix: str) -> None:
        """Delete every blob below ``prefix``, which ends with a slash. Nothing there is no error."""

    def copy_prefix(self, source: str, target: str) -> None:
        """Make every blob below ``source`` known below ``target`` too. Nothing there is no error.

        Raises BlobConflict when ``target`` has blobs already.
        """

    def path_of(self, key: str) -> Path | None:
        """Return the blob's file where it lies on this machine, or None where it is elsewhere.

        Raises BlobMissing.
        """

    def folders(self, namespace: str) -> Iterator[Folder]:
        """Yield every folder right below a namespace (``pages/``), in any order."""

    def has_room(self, size_bytes: int) -> bool:
        """Whether 5 % of the space stay free after ``size_bytes`` more."""

    def sweep_incoming(self, older_than_s: float) -> int:
        """Delete what interrupted writes left behind. Return how many files and folders went."""

    def probe(self) -> None:
        """Raise OSError or StorageFull unless a write would work now."""
