"""The kind of an uploaded file, judged from its first bytes. Standard library only."""

from bifolio.conversion.events import FileKind

SNIFFED_BYTES = 1024


def sniff(head: bytes) -> FileKind | None:
    """The kind of a file that begins with ``head`` (at least its first 1024 bytes), None if it is no book.

    A PDF may have rubbish in front of its header, as other PDF readers accept; an image may not.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if b"%PDF" in head[:SNIFFED_BYTES]:
        return FileKind.PDF
    return None
