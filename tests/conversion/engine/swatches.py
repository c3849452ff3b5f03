"""Pages that are one even colour in their middle, so that what is drawn can be told by one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conversion.conftest import convert_file
from tests.conversion.page_images import Colour, colour_at, opened
from tests.conversion.pdfs import PdfFile, PdfPage

WHITE: Colour = (255, 255, 255)
ALL = "0 0 100 100 re f"
"""Fills the page."""
_VISIBLE = "0 40 100 60"
"""Of each page: a strip across its middle takes a fifth of the time."""
TOLERANCE = 12
"""What palettes, JPEG and rounding may change."""


@dataclass(frozen=True)
class Swatch:
    """A page of 100 x 100 points: a content stream, and the colour that its middle must have.

    ``resources`` and ``extra`` (entries of the page) name the page's own ``objects`` as @0, @1 and so
    on, and so do the objects, in front of their streams.
    """

    content: str
    colour: Colour
    resources: str = ""
    objects: tuple[str, ...] = ()
    extra: str = ""


def draw(
    folder: Path, swatches: Mapping[str, Swatch], catalog: str = "", shared: Sequence[str] = ()
) -> dict[str, Colour]:
    """Convert all swatches as one document. Return the colours in their middles.

    ``shared`` are objects from number 1000 on; ``catalog`` and all swatches may refer to them.
    """
    pages, objects = [], list(shared)
    for swatch in swatches.values():
        first = 1000 + len(objects)
        resources, extra = _numbered(swatch.resources, first), _numbered(swatch.extra, first)
        content = swatch.content.encode("latin-1")
        pages.append(PdfPage(content, _VISIBLE, extra=extra, resources=resources))
        objects += [_numbered(text, first) for text in swatch.objects]
    path = folder / "swatches.pdf"
    path.write_bytes(PdfFile(pages, catalog=catalog, objects=objects).build())
    outcome = convert_file(path)
    assert not any(page.placeholder for page in outcome.pages)
    return {
        name: colour_at(opened(page.medium), 0.5, 0.5)
        for name, page in zip(swatches, outcome.pages, strict=True)
    }


def assert_alike(seen: Colour, expected: Colour, tolerance: int = TOLERANCE) -> None:
    """Fail unless all channels are near to what is expected."""
    assert seen == pytest.approx(expected, abs=tolerance)


def _numbered(text: str, first: int) -> str:
    """The text with @0, @1, … made into references; what follows the word "stream" is left alone."""
    head, word, tail = text.partition("stream\n")
    for index in range(4):
        head = head.replace(f"@{index}", f"{first + index} 0 R")
    return head + word + tail
