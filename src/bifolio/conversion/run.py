"""Count and convert documents: what the rest of Bifolio calls. Must not import PDFium or Pillow."""

import contextlib
import functools
import importlib.metadata
from collections.abc import Collection, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from bifolio.conversion import distrust
from bifolio.conversion.attempts import Attempts, Task, context_of
from bifolio.conversion.child import EngineDied, EngineTooSlow
from bifolio.conversion.events import (
    ConversionEvent,
    ConversionLimits,
    CountTimedOut,
    DocumentRefused,
    PageRange,
)
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.reasons import FailureReason, FileKind
from bifolio.conversion.standby import take_engine

Source = Path | BinaryIO

CONVERSION_VERSION = 2
"""Raised whenever a document would become other files, so that ``reconvert`` finds what is out of date."""


def count_pages(source: Source, kind: FileKind, *, deadline_s: float, password: str = "") -> int:
    """Pages of the document, counted in a child process that lives ``deadline_s`` seconds at most.

    ``source`` is the path of a regular file, or one opened for reading (its position is not used).
    ``password`` opens a locked one.
    Raises DocumentRefused when it cannot be opened, CountTimedOut when counting does not end.
    """
    limits = ConversionLimits(page_timeout_s=deadline_s, document_timeout_s=deadline_s)
    context = context_of("count", kind, limits, password=password)
    with _opened(source) as document, take_engine(document, context) as child:
        try:
            frame = child.read_frame(deadline_s)
            if frame.kind == FrameKind.COUNTED:
                return distrust.read_counted(frame.metadata)
            raise DocumentRefused(distrust.read_failed(frame.metadata))
        except EngineTooSlow:
            raise CountTimedOut(deadline_s) from None
        except (EngineDied, distrust.FrameRefused):
            raise DocumentRefused(FailureReason.CRASHED_REPEATEDLY) from None


def convert(
    source: Source,
    kind: FileKind,
    *,
    limits: ConversionLimits,
    done: Collection[int] = (),
    pages: PageRange | None = None,
    page_count: int = 0,
    password: str = "",
) -> Generator[ConversionEvent, None, None]:
    """Convert the pages that are not in ``done``, in order: DocumentOpened, then a PageConverted each.

    ``pages`` keeps to a range of them. ``page_count``, where an earlier run has told it, saves the
    DocumentOpened; a document that now has another number of pages is not believed. An EngineLost
    says that a page cost a child process.

    Each next() may wait for the child process that does the work. Closing the iterator ends the
    child. Raises DocumentFailed when the document cannot become a whole book; pages yielded before
    stay good. Must be driven by one thread that outlives the conversion (see ``child``).
    """
    with _opened(source) as document:
        task = Task(document, kind, limits, engine_version(), frozenset(done), pages, page_count, password)
        yield from Attempts(task).run()


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[int]:
    """A descriptor of the document; closed afterwards if it was opened here."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file.fileno()
    else:
        yield source.fileno()


@functools.cache
def engine_version() -> str:
    """Which engine makes the pages, as a record of an edition: another one would make other files."""
    return f"{CONVERSION_VERSION}, pypdfium2 {importlib.metadata.version('pypdfium2')}"
