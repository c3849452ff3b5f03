"""The layers of a page (contracts/layers.schema.json) as types: decoding checks every field.

Must not import PDFium or Pillow.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bifolio.conversion import limits

_MAX_POINTS = 1e6
_LANGUAGE = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\Z"
_URL = "^(https?|mailto|tel):[^\\x00-\\x20]+\\Z"
Points = Annotated[float, Meta(gt=0, le=_MAX_POINTS)]
_COORDINATE = Annotated[float, Meta(ge=-_MAX_POINTS, le=_MAX_POINTS)]
_EXTENT = Annotated[float, Meta(ge=0, le=2 * _MAX_POINTS)]
_TEXT = Annotated[str, Meta(min_length=1)]
_TAG = Annotated[str, Meta(max_length=35, pattern=_LANGUAGE)]
_SPAN = Annotated[int, Meta(ge=1, le=limits.MAX_SPAN)]


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class TextLine(_Struct, frozen=True, array_like=True):
    """A line of text; ``angle`` is the clockwise angle of the reading direction."""

    text: str
    x: _COORDINATE
    y: _COORDINATE
    width: _EXTENT
    height: _EXTENT
    angle: Literal[0, 90, 180, 270] = 0


class PageLink(_Struct, frozen=True):
    """An area that leads to an address or to a page of the same document."""

    x: _COORDINATE
    y: _COORDINATE
    width: _EXTENT
    height: _EXTENT
    url: Annotated[str, Meta(max_length=limits.MAX_URL_CHARACTERS, pattern=_URL)] | None = None
    page: Annotated[int, Meta(ge=1)] | None = None


class _Block(_Struct, frozen=True, tag_field="kind", kw_only=True):
    language: _TAG | None = None


class _TextBlock(_Block, frozen=True, kw_only=True):
    """``passages`` are the words in other languages, as they stand one after the other in the text."""

    text: _TEXT
    passages: Annotated[list[tuple[_TAG, _TEXT]], Meta(max_length=limits.MAX_PASSAGES)] = []


class Heading(_TextBlock, frozen=True, tag="heading"):
    """A heading of level 1 to 6."""

    level: Annotated[int, Meta(ge=1, le=6)]


class Paragraph(_TextBlock, frozen=True, tag="paragraph"):
    """Running text, a caption, a note."""


class Item(_TextBlock, frozen=True, tag="item"):
    """An item of a list; an item of a list inside it has the next level."""

    level: Annotated[int, Meta(ge=1, le=9)]


class Figure(_Block, frozen=True, tag="figure"):
    """A picture, told by its author's words."""

    text: Annotated[str, Meta(min_length=1, max_length=limits.MAX_ALTERNATIVE_CHARACTERS)]


class Cell(_Struct, frozen=True, array_like=True):
    """A cell that is a head, or reaches over several columns or rows."""

    text: str
    is_head: Annotated[int, Meta(ge=0, le=1)]
    across: _SPAN
    down: _SPAN


class Table(_Block, frozen=True, tag="table"):
    """Rows of cells; a plain cell is just its text."""

    rows: Annotated[list[Annotated[list[str | Cell], Meta(min_length=1)]], Meta(min_length=1)]


Block = Heading | Paragraph | Item | Figure | Table


class PageLayers(_Struct, frozen=True):
    """All layers of one page; sizes are points of the displayed page.

    ``picture`` says that the page shows something and has no text. ``blocks`` is empty for a page
    whose document does not tell its structure.
    """

    width: Points
    height: Points
    lines: list[TextLine]
    links: Annotated[list[PageLink], Meta(max_length=limits.MAX_LINKS)]
    blocks: Annotated[list[Block], Meta(max_length=limits.MAX_BLOCKS)] = []
    picture: bool = False


_decoder = msgspec.json.Decoder(PageLayers)


def decode_layers(content: bytes) -> PageLayers:
    """The layers. Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError."""
    content.decode()
    return _decoder.decode(content)


def cells_of(block: Block) -> list[Cell]:
    """All cells of a table in reading order, none for other blocks."""
    rows = block.rows if isinstance(block, Table) else []
    return [cell if isinstance(cell, Cell) else Cell(cell, 0, 1, 1) for row in rows for cell in row]


def count_characters(block: Block) -> int:
    """Characters of text in a block."""
    if isinstance(block, Table):
        return sum(len(cell.text) for cell in cells_of(block))
    passages = () if isinstance(block, Figure) else block.passages
    return len(block.text) + sum(len(words) for _, words in passages)
