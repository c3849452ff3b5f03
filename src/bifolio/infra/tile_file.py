"""One file for all tiles of a level of a page. It can be read while it grows. No Django.

A head says where each tile is; a tile is written before its place in the head is. What is damaged
is as good as missing: each tile has a checksum.
"""

import os
import struct
import zlib
from pathlib import Path

_HEAD = struct.Struct("<8sQ")
_ENTRY = struct.Struct("<QII")
_MAGIC = b"bif tile"


def read_tile(path: Path, index: int, tile_count: int) -> bytes | None:
    """Return a tile of the file, None when the file does not have it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        head = os.pread(descriptor, _HEAD.size, 0)
        entry = os.pread(descriptor, _ENTRY.size, _HEAD.size + index * _ENTRY.size)
        if head != _HEAD.pack(_MAGIC, tile_count) or len(entry) < _ENTRY.size:
            return None
        offset, size_bytes, checksum = _ENTRY.unpack(entry)
        content = os.pread(descriptor, size_bytes, offset) if size_bytes else b""
        return content if content and zlib.crc32(content) == checksum else None
    finally:
        os.close(descriptor)


class TileWriter:
    """Writes the file anew. ``size_bytes`` is how large it is so far."""

    def __init__(self, path: Path, tile_count: int) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o640)
        self.size_bytes = _HEAD.size + tile_count * _ENTRY.size
        self._tile_count = tile_count

    def begin(self) -> None:
        """Write the head of a file without tiles."""
        head = _HEAD.pack(_MAGIC, self._tile_count)
        _write(self._descriptor, head + bytes(self._tile_count * _ENTRY.size), 0)

    def add(self, index: int, content: bytes) -> None:
        """Write a tile, and then where it is."""
        _write(self._descriptor, content, self.size_bytes)
        entry = _ENTRY.pack(self.size_bytes, len(content), zlib.crc32(content))
        self.size_bytes += len(content)
        _write(self._descriptor, entry, _HEAD.size + index * _ENTRY.size)

    def reserve(self, size_bytes: int) -> None:
        """Let the file count as that large."""
        os.ftruncate(self._descriptor, size_bytes)

    def close(self) -> None:
        """Close the file; nothing can be added any more."""
        os.close(self._descriptor)


def _write(descriptor: int, content: bytes, offset: int) -> None:
    rest = memoryview(content)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written
