"""Why documents fail and pages become placeholders: shared with the engine, so it imports only enum."""

import enum


class FileKind(enum.StrEnum):
    """What a file is, judged from its first bytes."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


class FailureReason(enum.StrEnum):
    """Why no book, or no whole book, could be made of a document. One meaning each."""

    PASSWORD = "password"  # noqa: S105  a reason, not a secret
    """It opens only with a password."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  a reason, not a secret
    """It does not open with the password that was given."""
    UNSUPPORTED_ENCRYPTION = "unsupported_encryption"
    """It is encrypted in a way that the PDF engine does not know."""
    DAMAGED = "damaged"
    """It cannot be opened at all."""
    NO_PAGES = "no_pages"
    """It opens and has no page."""
    TOO_MANY_PAGES = "too_many_pages"
    """It has more pages than ``ConversionLimits.max_pages``."""
    NO_PAGE_RENDERED = "no_page_rendered"
    """It has pages, and not one of them could be drawn."""
    OUT_OF_TIME = "out_of_time"
    """It used up the time allowed for one document, or for opening it."""
    CRASHED_REPEATEDLY = "crashed_repeatedly"
    """The engine died or hung too often on it."""


class PlaceholderReason(enum.StrEnum):
    """Why a page's images only say that it could not be shown."""

    DAMAGED = "damaged"
    """The engine could not read or draw it."""
    SHAPE = "shape"
    """It is empty, or more than 50 times as long as wide, or as wide as long."""
    CRASHED = "crashed"
    """The engine died on it."""
    OUT_OF_TIME = "out_of_time"
    """It took longer than ``ConversionLimits.page_timeout_s``."""
