"""Documents to convert, and the conversion of them in one go."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from bifolio.conversion.events import ConversionLimits, DocumentFailed, DocumentOpened, PageConverted
from bifolio.conversion.run import convert
from bifolio.conversion.sniff import sniff


@dataclass
class Conversion:
    """All that came out of a conversion, however it ended."""

    opened: DocumentOpened | None
    pages: list[PageConverted]
    failure: DocumentFailed | None


Convert = Callable[..., Conversion]


def convert_file(
    path: Path, *, limits: ConversionLimits | None = None, done: Collection[int] = ()
) -> Conversion:
    """Convert a file to its end."""
    kind = sniff(path.read_bytes()[:1024])
    assert kind is not None
    outcome = Conversion(None, [], None)
    try:
        for event in convert(path, kind, limits=limits or ConversionLimits(), done=done):
            if isinstance(event, DocumentOpened):
                outcome.opened = event
            else:
                outcome.pages.append(event)
    except DocumentFailed as failure:
        outcome.failure = failure
    return outcome


@pytest.fixture
def convert_bytes(tmp_path: Path) -> Convert:
    """Convert a document given as bytes."""

    def convert_content(
        content: bytes, *, limits: ConversionLimits | None = None, done: Collection[int] = ()
    ) -> Conversion:
        path = tmp_path / "document"
        path.write_bytes(content)
        return convert_file(path, limits=limits, done=done)

    return convert_content
