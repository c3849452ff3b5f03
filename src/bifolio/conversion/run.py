"""Count and convert documents: what the rest of Bifolio calls. Must not import PDFium or Pillow."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from bifolio.conversion.events import ConversionEvent, ConversionLimits, FileKind

Source = Path | BinaryIO


def count_pages(source: Source, kind: FileKind, *, deadline_s: float) -> int:
    """Pages of the document, counted in a child process that lives ``deadline_s`` seconds at most.

    ``source`` is the path of a regular file, or one opened for reading (its position is not used).
    Raises DocumentRefused when it cannot be opened, CountTimedOut when counting does not end.
    """
    raise NotImplementedError


def convert(
    source: Source, kind: FileKind, *, limits: ConversionLimits, done: Collection[int] = ()
) -> Iterator[ConversionEvent]:
    """Convert the pages that are not in ``done``, in order: DocumentOpened, then a PageConverted each.

    Each next() may wait for the child process that does the work. Closing the iterator ends the
    child. Raises DocumentFailed when the document cannot become a whole book; pages yielded before
    stay good. Must be driven by one thread that outlives the conversion (see ``child``).
    """
    raise NotImplementedError
