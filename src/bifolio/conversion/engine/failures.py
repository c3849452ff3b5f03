"""How opening a document or reading one of its pages can fail inside the engine."""

from bifolio.conversion.reasons import FailureReason


class CannotOpen(Exception):
    """The document gives no book, for ``reason``."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason)
        self.reason = reason


class PageUnreadable(Exception):
    """PDFium gives no page under this number, or no bitmap to draw it on."""
