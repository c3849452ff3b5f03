"""Judges every frame of an engine before anything of it is used: an engine that met a hostile
document may be somebody else's. Must not import PDFium or Pillow.
"""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from bifolio.conversion import limits
from bifolio.conversion.events import DocumentOpened, OutlineEntry, PageConverted, PageImage
from bifolio.conversion.image_header import image_size
from bifolio.conversion.levels import Size, TilePlace
from bifolio.conversion.page_layers import PageLayers, Points, cells_of, count_characters
from bifolio.conversion.reasons import FailureReason, PlaceholderReason
from bifolio.conversion.text import plain_text
from bifolio.kernel.errors import BifolioError

_LANGUAGE = "^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?\\Z"
_LABEL = Annotated[str, Meta(max_length=limits.MAX_LABEL_CHARACTERS)]
_TITLE = Annotated[str, Meta(max_length=limits.MAX_TITLE_CHARACTERS)]
_PIXELS = Annotated[int, Meta(ge=1, le=limits.MAX_EDGE_PX)]
_THREE = Meta(min_length=3, max_length=3)
_WIDTHS_PX = (limits.SMALL_WIDTH_PX, limits.MEDIUM_WIDTH_PX, limits.LARGE_WIDTH_PX)

_S = TypeVar("_S", bound=msgspec.Struct)


class FrameRefused(BifolioError):
    """The engine sent what no engine of ours sends; ``why`` names it for logs."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Counted(_Struct, frozen=True):
    page_count: Annotated[int, Meta(ge=1)]


class _Failed(_Struct, frozen=True):
    reason: FailureReason


class _OutlineEntry(_Struct, frozen=True, omit_defaults=True):
    title: _TITLE
    page: Annotated[int, Meta(ge=1)] | None = None
    children: list["_OutlineEntry"] | None = None


class _Opened(_Counted, frozen=True):
    title: _TITLE = ""
    language: Annotated[str, Meta(max_length=35, pattern=_LANGUAGE)] = ""
    direction: Literal["ltr", "rtl"] = "ltr"
    outline: list[_OutlineEntry] = []
    page_labels: list[_LABEL] = []


class Started(_Struct, frozen=True):
    """The engine began a page; sizes are points, 0 where it could not tell them."""

    number: int
    width_pt: float
    height_pt: float


class _Page(_Struct, frozen=True):
    number: int
    width_pt: Points
    height_pt: Points
    images: Annotated[list[tuple[Annotated[int, Meta(ge=1)], str, _PIXELS, _PIXELS]], _THREE]
    layers_bytes: Annotated[int, Meta(ge=0, le=limits.MAX_LAYERS_BYTES)]
    placeholder: PlaceholderReason | None = None


class _Tile(_Struct, frozen=True):
    column: int
    row: int
    width_px: int
    height_px: int


def _decode(content: bytes, expected: type[_S]) -> _S:
    try:
        content.decode()
        return msgspec.json.decode(content, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FrameRefused(str(error)) from error


def read_counted(metadata: bytes) -> int:
    """The number of pages. Raises FrameRefused, as all readers here do."""
    return _decode(metadata, _Counted).page_count


def read_failed(metadata: bytes) -> FailureReason:
    """Why the engine gave up."""
    return _decode(metadata, _Failed).reason


def read_started(metadata: bytes) -> Started:
    """The page that the engine begins."""
    return _decode(metadata, Started)


def read_opened(metadata: bytes, *, max_pages: int, engine_version: str) -> DocumentOpened:
    """What the document says about itself; ``max_pages`` 0 means no limit."""
    opened = _decode(metadata, _Opened)
    if 0 < max_pages < opened.page_count or len(opened.page_labels) not in {0, opened.page_count}:
        raise FrameRefused("page count")
    if _count_entries(opened.outline, opened.page_count, 1) > limits.MAX_OUTLINE_ENTRIES:
        raise FrameRefused("outline")
    outline: list[OutlineEntry] = msgspec.to_builtins(opened.outline)
    return DocumentOpened(
        opened.page_count,
        opened.title,
        opened.language,
        opened.direction,
        outline,
        opened.page_labels,
        engine_version,
    )


def _count_entries(entries: list[_OutlineEntry], page_count: int, depth: int) -> int:
    is_too_deep = bool(entries) and depth > limits.MAX_OUTLINE_DEPTH
    if is_too_deep or any(entry.page and entry.page > page_count for entry in entries):
        raise FrameRefused("outline")
    return sum(1 + _count_entries(entry.children or [], page_count, depth + 1) for entry in entries)


def read_page(metadata: bytes, payload: memoryview, *, number: int, page_count: int) -> PageConverted:
    """A finished page, which must be the one expected; every image is what it is said to be."""
    page = _decode(metadata, _Page)
    if page.number != number or sum(part[0] for part in page.images) + page.layers_bytes != len(payload):
        raise FrameRefused("page order or size")
    images: list[PageImage] = []
    at = 0
    for (size_bytes, extension, width_px, height_px), widest_px in zip(page.images, _WIDTHS_PX, strict=True):
        content = bytes(payload[at : at + size_bytes])
        at += size_bytes
        if width_px > widest_px or image_size(content, extension) != (width_px, height_px):
            raise FrameRefused("image")
        images.append(PageImage(content, extension, width_px, height_px))
    layers = bytes(payload[at:]) or None
    text = _read_layers(layers, page_count) if layers else ""
    small, medium, large = images
    return PageConverted(
        page.number, page.width_pt, page.height_pt, small, medium, large, layers, text, page.placeholder
    )


def _read_layers(content: bytes, page_count: int) -> str:
    layers = _decode(content, PageLayers)
    for link in layers.links:
        if (link.url is None) == (link.page is None) or (link.page or 1) > page_count:
            raise FrameRefused("link")
    if sum(len(line.text) for line in layers.lines) > 2 * limits.MAX_CHARACTERS:
        raise FrameRefused("text")
    _check_blocks(layers)
    return plain_text(line.text for line in layers.lines)


def _check_blocks(layers: PageLayers) -> None:
    if sum(map(count_characters, layers.blocks)) > 2 * limits.MAX_CHARACTERS:
        raise FrameRefused("structure")
    cells = [cell for block in layers.blocks for cell in cells_of(block)]
    spanned = sum(cell.across * cell.down for cell in cells)
    if len(cells) > limits.MAX_CELLS or spanned > limits.MAX_SPANNED + limits.MAX_CELLS:
        raise FrameRefused("table")
    if layers.picture and layers.lines:
        raise FrameRefused("picture")


def read_tile(
    metadata: bytes, payload: memoryview, *, extension: str, size_of: Callable[[TilePlace], Size]
) -> tuple[TilePlace, bytes]:
    """A tile of a level, as large as ``size_of`` its place, whose image is what it is said to be."""
    tile = _decode(metadata, _Tile)
    place, content = TilePlace(tile.column, tile.row), bytes(payload)
    if (tile.width_px, tile.height_px) != size_of(place):
        raise FrameRefused("tile size")
    is_small = len(content) <= limits.MAX_TILE_BYTES
    if not is_small or image_size(content, extension) != (tile.width_px, tile.height_px):
        raise FrameRefused("tile")
    return place, content
