"""PDFium through its raw bindings: start, open, read strings. The helper layer of pypdfium2 is
left out because it doubles the start time of a child.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2_raw as raw

from bifolio.conversion.engine.failures import CannotOpen
from bifolio.conversion.reasons import FailureReason

__all__ = ["Handle", "count_pages", "open_document", "raw", "read_utf16"]

Handle = Any
"""Pointer to an object of PDFium, or None; its bindings know no types."""

_REASONS = {
    raw.FPDF_ERR_PASSWORD: FailureReason.PASSWORD,
    raw.FPDF_ERR_SECURITY: FailureReason.UNSUPPORTED_ENCRYPTION,
}
MAX_STRING_BYTES = 1 << 20


def open_document(content: memoryview, password: str = "") -> Handle:
    """Start PDFium and open the process's one document. ``content`` must outlive it. Raises CannotOpen.

    PDFium itself tries a password in both of the encodings that PDFs use.
    """
    config = raw.FPDF_LIBRARY_CONFIG(version=2)
    raw.FPDF_InitLibraryWithConfig(ctypes.byref(config))
    secret = password.encode("utf-8", "surrogateescape") if password else None
    pointer = ctypes.c_char.from_buffer(content)
    document = raw.FPDF_LoadMemDocument64(ctypes.byref(pointer), len(content), secret)
    if not document:
        reason = _REASONS.get(raw.FPDF_GetLastError(), FailureReason.DAMAGED)
        is_wrong = secret is not None and reason == FailureReason.PASSWORD
        raise CannotOpen(FailureReason.WRONG_PASSWORD if is_wrong else reason)
    return document


def count_pages(document: Handle) -> int:
    """The number of pages. Raises CannotOpen where there is none."""
    count = int(raw.FPDF_GetPageCount(document))
    if count <= 0:
        raise CannotOpen(FailureReason.NO_PAGES)
    return count


def read_utf16(read: Callable[[Handle, int], int]) -> str:
    """The string that a PDFium getter writes as UTF-16LE; ``read`` gets buffer and size in bytes."""
    size = read(None, 0)
    if not 2 < size <= MAX_STRING_BYTES:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")
