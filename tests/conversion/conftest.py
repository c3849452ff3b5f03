"""Documents to convert, and the conversion of them in one go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    DocumentOpened,
    EngineLost,
    PageConverted,
)
from bifolio.conversion.run import convert
from bifolio.conversion.sniff import sniff


@dataclass
class Conversion:
    """All that came out of a conversion, however it ended."""

    opened: DocumentOpened | None
    pages: list[PageConverted]
    failure: DocumentFailed | None
    lost: list[EngineLost] = field(default_factory=list)


Convert = Callable[..., Conversion]


def convert_file(path: Path, *, limits: ConversionLimits | None = None, **options: Any) -> Conversion:
    """Convert a file to its end; ``options`` are those of ``convert``."""
    kind = sniff(path.read_bytes()[:1024])
    assert kind is not None
    outcome = Conversion(None, [], None)
    try:
        for event in convert(path, kind, limits=limits or ConversionLimits(), **options):
            if isinstance(event, DocumentOpened):
                outcome.opened = event
            elif isinstance(event, EngineLost):
                outcome.lost.append(event)
            else:
                outcome.pages.append(event)
    except DocumentFailed as failure:
        outcome.failure = failure
    return outcome


@pytest.fixture
def convert_bytes(tmp_path: Path) -> Convert:
    """Convert a document given as bytes."""

    def convert_content(content: bytes, **options: Any) -> Conversion:
        path = tmp_path / "document"
        path.write_bytes(content)
        return convert_file(path, **options)

    return convert_content
