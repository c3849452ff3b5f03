"""Small PNG files, fast: rows unfiltered, ISA-L's lightest deflate. Imports Pillow and isal."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from isal import isal_zlib
from PIL import Image

from bifolio.conversion.engine.gray_rows import GrayRows
from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.sheet import Sheet

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE = 3
_TO_SIXTEEN = bytes((value * 15 + 127) // 255 for value in range(256))
_MOST = 0.8
EVEN_GRAYS = tuple(range(0, 256, 17))

MAX_PATCH_COLOURS = 240
"""Together with sixteen grays they make one byte a pixel."""

Colour = tuple[int, int, int]


class Patch(NamedTuple):
    """A part of a larger image: where its left top is in that, and its pixels in mode RGB."""

    left: int
    top: int
    image: Image.Image

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.image.width * self.image.height


def encode_gray(rows: GrayRows, grays: Sequence[int] = EVEN_GRAYS) -> Encoded:
    """Rows for 4 bits as PNG with 16 grays, of which each stands for a sixteenth of all."""
    return _file_of(map(_pack, rows.bands()), rows.size, 4, _palette_chunk(_as_colours(grays)))


def _pack(band: GrayRows) -> bytes:
    """Two pixels a byte, of which the first two become the number of the filter."""
    size = band.stride, band.size[1]
    indexes = band.mapped(_TO_SIXTEEN).content
    return Image.frombuffer("P", size, indexes, "raw", "P", 0, 1).tobytes("raw", "P;4")


def grays_of(image: Image.Image) -> list[int]:
    """For each sixteenth of the tones the one that stands for it: that of nearly all pixels, else the mean.

    So paper and boxes in a flat gray keep their tone exactly.
    """
    counts: list[list[tuple[int, int]]] = [[] for _ in range(16)]
    for gray, count in enumerate(image.histogram()):
        if count:
            counts[_TO_SIXTEEN[gray]].append((count, gray))
    return [_typical(found) if found else EVEN_GRAYS[index] for index, found in enumerate(counts)]


def _typical(found: list[tuple[int, int]]) -> int:
    total = sum(count for count, _ in found)
    most, gray = max(found)
    return gray if most >= _MOST * total else round(sum(count * gray for count, gray in found) / total)


def encode_palette(image: Image.Image, colours: Sequence[Colour]) -> Encoded:
    """An image of mode RGB as PNG in which each pixel has the nearest of at most 256 colours."""
    depth = 4 if len(colours) <= 16 else 8
    return _encode(_nearest(image, _palette_of(colours)), depth, _palette_chunk(colours))


def encode_patched(
    images: Sequence[GrayRows],
    patches: Sequence[Sequence[Patch]],
    colours: Sequence[Colour],
    grays: Sequence[Sequence[int]],
) -> list[Encoded]:
    """Rows for 8 bits, each in 16 grays of its own, their patches in at most 240 colours in common.

    Without ``colours`` the patches get those that stand for theirs best.
    """
    sheet = Sheet([patch.image for of_one in patches for patch in of_one])
    if colours:
        indexed = _nearest(sheet.image, _palette_of(colours))
    else:
        indexed = sheet.image.quantize(MAX_PATCH_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        channels = indexed.getpalette() or []
        colours = list(zip(channels[::3], channels[1::3], channels[2::3], strict=True))
    indexed = indexed.point([min(255, index + len(EVEN_GRAYS)) for index in range(256)], "L")
    cut, encoded = sheet.cut(indexed), []
    for rows, of_one, own_grays in zip(images, patches, grays, strict=True):
        parts = [Patch(left, top, next(cut)) for left, top, _ in of_one]
        palette = _palette_chunk([*_as_colours(own_grays), *colours])
        encoded.append(_file_of(_patched_bands(rows, parts), rows.size, 8, palette))
    return encoded


def _patched_bands(rows: GrayRows, patches: Sequence[Patch]) -> Iterator[memoryview]:
    """The rows as indexes, with those of the patches, whose pixels are indexes here."""
    first = 0
    for gray in rows.bands():
        band, end = gray.mapped(_TO_SIXTEEN), first + gray.size[1]
        view = band.image
        for left, top, image in patches:
            if top < end and top + image.height > first:
                view.paste(image, (left, top - first))
        yield memoryview(band.content)[: -band.margin]
        first = end


def _as_colours(grays: Sequence[int]) -> list[Colour]:
    return [(gray, gray, gray) for gray in grays]


def _palette_of(colours: Sequence[tuple[int, ...]]) -> Image.Image:
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in colours for channel in colour])
    return palette


def _palette_chunk(colours: Sequence[tuple[int, ...]]) -> bytes:
    return _chunk(b"PLTE", bytes(channel for colour in colours for channel in colour))


def _nearest(image: Image.Image, palette: Image.Image) -> Image.Image:
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def _encode(indexed: Image.Image, depth: int, palette: bytes) -> Encoded:
    # A row begins with the number of its filter, 0: that is a margin one byte wide.
    with_margin = indexed.crop((-8 // depth, 0, *indexed.size))
    rows = with_margin.tobytes("raw", "P;4" if depth == 4 else "P")
    return _file_of([rows], indexed.size, depth, palette)


def _file_of(
    rows: Iterable[bytes | memoryview], size: tuple[int, int], depth: int, palette: bytes
) -> Encoded:
    deflate = isal_zlib.compressobj(1)
    packed = [deflate.compress(some) for some in rows]
    content = b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack("!IIBBBBB", *size, depth, _PALETTE, 0, 0, 0)),
            palette,
            _chunk(b"IDAT", b"".join((*packed, deflate.flush()))),
            _chunk(b"IEND", b""),
        )
    )
    return Encoded(content, "png", *size)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = isal_zlib.crc32(content, isal_zlib.crc32(kind))
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", checksum)
