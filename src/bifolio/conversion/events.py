"""What a conversion says while it runs, and how it can end. Must not import PDFium or Pillow."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from bifolio.conversion.reasons import FailureReason, FileKind, PlaceholderReason
from bifolio.kernel.errors import BifolioError

__all__ = [
    "ConversionEvent",
    "ConversionLimits",
    "CountTimedOut",
    "DocumentFailed",
    "DocumentOpened",
    "DocumentRefused",
    "EngineLost",
    "FailureReason",
    "FileKind",
    "OutlineEntry",
    "PageConverted",
    "PageImage",
    "PageRange",
    "PlaceholderReason",
]


class OutlineEntry(TypedDict):
    """An entry of the manifest's outline; ``page`` counts from 1 and lies within the document."""

    title: str
    page: NotRequired[int]
    children: NotRequired[list["OutlineEntry"]]


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of a document, both ends among them, counting from 1."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many pages these are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class ConversionLimits:
    """What one document may use. Times are wall clock; 0 pages means no limit."""

    max_pages: int = 1000
    page_timeout_s: float = 20.0
    document_timeout_s: float = 1200.0
    memory_bytes: int = 1 << 30
    max_deaths: int = 3


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """The first event. ``title`` and ``language`` (BCP 47) are empty where the document names none.

    ``page_labels`` has one string a page, or is empty when every label is the page's number.
    """

    page_count: int
    title: str
    language: str
    direction: str
    outline: list[OutlineEntry]
    page_labels: list[str]
    engine_version: str


@dataclass(frozen=True, slots=True)
class PageImage:
    """One encoded image; ``extension`` is ``png`` or ``jpg``."""

    content: bytes
    extension: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class PageConverted:
    """One finished page; ``number`` counts from 1, sizes are those of the displayed page in points.

    ``layers`` is JSON as contracts/layers.schema.json, None when there is neither text nor a link.
    ``text`` is the page's plain text in reading order. ``took_s`` is what the page cost of the
    document's time, ``opening_s`` what it cost before that to have the document opened anew.
    """

    number: int
    width_pt: float
    height_pt: float
    small: PageImage
    medium: PageImage
    large: PageImage
    layers: bytes | None
    text: str
    placeholder: PlaceholderReason | None
    took_s: float = 0.0
    opening_s: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineLost:
    """An engine died or hung at ``page`` (None: while it opened the document); another goes on.

    ``took_s`` is what that cost of the document's time, ``diagnostic`` what the engine left on its
    standard error, for logs only.
    """

    page: int | None
    reason: PlaceholderReason
    took_s: float
    diagnostic: str = ""


ConversionEvent = DocumentOpened | PageConverted | EngineLost


class DocumentFailed(BifolioError):
    """The conversion ended without a whole book.

    ``page`` is the page at work, where there was one; ``diagnostic`` is what the engine left on
    its standard error, for logs only.
    """

    def __init__(self, reason: FailureReason, *, page: int | None = None, diagnostic: str = "") -> None:
        super().__init__(reason, page)
        self.reason = reason
        self.page = page
        self.diagnostic = diagnostic


class DocumentRefused(BifolioError):
    """The pages could not be counted, for ``reason``."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason)
        self.reason = reason


class CountTimedOut(BifolioError):
    """Counting did not end within ``deadline_s`` seconds."""

    def __init__(self, deadline_s: float) -> None:
        super().__init__(deadline_s)
        self.deadline_s = deadline_s
