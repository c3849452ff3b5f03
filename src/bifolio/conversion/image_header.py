"""Width and height from the first bytes of a PNG or JPEG, without decoding it. Standard library only."""

import struct

_PNG_START = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def image_size(content: bytes, extension: str) -> tuple[int, int] | None:
    """Width and height in pixels if the content is what its extension (``png``, ``jpg``) says, else None."""
    if extension == "png":
        is_png = content.startswith(_PNG_START) and len(content) >= 24
        return struct.unpack_from("!II", content, 16) if is_png else None
    return _jpeg_size(content) if extension == "jpg" else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from("!HH", content, at + 5)
            return width, height
        at += 2 if marker in _WITHOUT_LENGTH else 2 + struct.unpack_from("!H", content, at + 2)[0]
    return None
