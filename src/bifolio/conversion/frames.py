"""The frames that an engine writes on its standard output. Shared by both sides; standard library only.

A frame is a fixed header, JSON metadata and a payload of bytes whose parts the metadata names.
"""

import enum
import struct

HEADER = struct.Struct("!4sBxxxII")
"""Magic, kind, bytes of metadata, bytes of payload."""
MAGIC = b"bif1"
MAX_METADATA_BYTES = 16 << 20
MAX_PAYLOAD_BYTES = 64 << 20


class FrameKind(enum.IntEnum):
    """What a frame says."""

    COUNTED = 1
    OPENED = 2
    STARTED = 3
    PAGE = 4
    FAILED = 5
    DONE = 6
    TILE = 7


class MalformedHeader(ValueError):
    """Bytes that no engine of ours writes, or sizes beyond the limits of a frame."""


def pack_header(kind: FrameKind, metadata_bytes: int, payload_bytes: int) -> bytes:
    """The header of a frame."""
    return HEADER.pack(MAGIC, kind, metadata_bytes, payload_bytes)


def unpack_header(header: bytes | bytearray) -> tuple[FrameKind, int, int]:
    """Kind, bytes of metadata and bytes of payload. Raises MalformedHeader before anything is allocated."""
    magic, kind, metadata_bytes, payload_bytes = HEADER.unpack(header)
    if magic != MAGIC or metadata_bytes > MAX_METADATA_BYTES or payload_bytes > MAX_PAYLOAD_BYTES:
        raise MalformedHeader
    try:
        return FrameKind(kind), metadata_bytes, payload_bytes
    except ValueError:
        raise MalformedHeader from None
