"""Files on their way in: written once into DATA/incoming, hashed on the way, flushed at the end.

Must not import Django. Everything here blocks on the disk: event loops call it in a thread.
"""

import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

FIRST_BYTES = 1024
LEFTOVER_AGE_S = 60 * 60


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A whole file on the disk; ``sha256`` in hex, ``first_bytes`` up to 1024."""

    path: Path
    size_bytes: int
    sha256: str
    first_bytes: bytes


class IncomingWriter:
    """One file being received. ``size_bytes`` counts what was appended so far."""

    def __init__(self, data: Path) -> None:
        folder = incoming_folder(data)
        self.path = folder / f"{secrets.token_hex(16)}.part"
        self.size_bytes = 0
        self.first_bytes = b""
        self._hash = hashlib.sha256()
        self._file = self.path.open("xb", buffering=0)

    def append(self, content: bytes) -> None:
        """Write more content. Raises OSError, ENOSPC among them."""
        if len(self.first_bytes) < FIRST_BYTES:
            self.first_bytes += content[: FIRST_BYTES - len(self.first_bytes)]
        self._hash.update(content)
        self.size_bytes += len(content)
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]

    def finish(self) -> WrittenFile:
        """Flush to the disk and close. Raises OSError when the disk refuses: then nothing is kept."""
        os.fsync(self._file.fileno())
        self._file.close()
        return WrittenFile(self.path, self.size_bytes, self._hash.hexdigest(), self.first_bytes)

    def discard(self) -> None:
        """Close and remove the file, finished or not."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def incoming_folder(data: Path) -> Path:
    """Return DATA/incoming, made when absent."""
    folder = data / "incoming"
    folder.mkdir(mode=0o750, exist_ok=True)
    return folder


def sweep_incoming(data: Path, *, older_than_s: float = LEFTOVER_AGE_S) -> int:
    """Remove what killed processes have left behind; return how many files went."""
    removed = 0
    oldest_kept_at = time.time() - older_than_s
    for path in incoming_folder(data).glob("*.part"):
        try:
            if path.stat().st_mtime < oldest_kept_at:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed
