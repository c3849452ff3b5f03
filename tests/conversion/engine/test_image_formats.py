"""Images in every format that a PDF may hold them in."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from tests.conversion.engine.swatches import WHITE, Swatch, assert_alike, draw
from tests.conversion.page_images import Colour
from tests.conversion.pdfs import stream_of

SIDE = 64
ORANGE, BLACK = (204, 102, 51), (0, 0, 0)
ROW = bytes(ORANGE) * SIDE


def shown(data: bytes, entries: str, colour: Colour, size: tuple[int, int] = (SIDE, SIDE)) -> Swatch:
    shape = f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]}"
    content = "100 0 0 100 0 0 cm /I Do"
    return Swatch(content, colour, "/XObject << /I @0 >>", (stream_of(data, f"{shape} {entries}"),))


def saved(mode: str, colour: int | tuple[int, ...], kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (SIDE, SIDE), colour).save(file, kind, **options)
    return file.getvalue()


def fax() -> bytes:
    """A black square within a white frame, in CCITT group 4."""
    # Pillow marks its files "zero is black", so that what it takes for white is coded as a fax's black.
    image = Image.new("1", (SIDE, SIDE), 0)
    image.paste(1, (8, 8, SIDE - 8, SIDE - 8))
    file = io.BytesIO()
    image.save(file, "TIFF", compression="group4")
    opened = Image.open(file)
    (start,), (length,) = opened.tag_v2[273], opened.tag_v2[279]  # type: ignore[attr-defined]
    return file.getvalue()[start : start + length]


def jbig2() -> bytes:
    """The same square: a page of JBIG2 that is one generic region, coded as a fax is."""
    page = struct.pack(">IIIIBH", SIDE, SIDE, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", SIDE, SIDE, 0, 0, 0, 1) + fax()
    return _segment(0, 48, page) + _segment(1, 38, region)


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def lzw(data: bytes) -> bytes:
    """Each byte as a code of nine bits, the table cleared before it grows."""
    codes = [code for at in range(0, len(data), 200) for code in (256, *data[at : at + 200])] + [257]
    bits = "".join(f"{code:09b}" for code in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


RGB = "/ColorSpace /DeviceRGB /BitsPerComponent 8"
GRAY = "/ColorSpace /DeviceGray /BitsPerComponent"
PIXELS = ROW * SIDE
PREDICTED = zlib.compress(b"".join(b"\x02" + (ROW if row == 0 else bytes(len(ROW))) for row in range(SIDE)))
FORMATS = {
    "raw": shown(PIXELS, RGB, ORANGE),
    "Flate": shown(zlib.compress(PIXELS), f"{RGB} /Filter /FlateDecode", ORANGE),
    "Flate with a predictor": shown(
        PREDICTED,
        f"{RGB} /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /Columns {SIDE} >>",
        ORANGE,
    ),
    "LZW": shown(lzw(PIXELS), f"{RGB} /Filter /LZWDecode", ORANGE),
    "run lengths": shown((b"\x81" + b"\x33") * 32, f"{GRAY} 8 /Filter /RunLengthDecode", (51, 51, 51)),
    "hexadecimal digits": shown(PIXELS.hex().encode() + b">", f"{RGB} /Filter /ASCIIHexDecode", ORANGE),
    "ASCII 85 over Flate": shown(
        base64.a85encode(zlib.compress(PIXELS)) + b"~>",
        f"{RGB} /Filter [/ASCII85Decode /FlateDecode]",
        ORANGE,
    ),
    "JPEG": shown(saved("RGB", ORANGE, "JPEG", quality=95), f"{RGB} /Filter /DCTDecode", ORANGE),
    "progressive JPEG": shown(
        saved("RGB", ORANGE, "JPEG", quality=95, progressive=True), f"{RGB} /Filter /DCTDecode", ORANGE
    ),
    "gray JPEG": shown(saved("L", 51, "JPEG"), f"{GRAY} 8 /Filter /DCTDecode", (51, 51, 51)),
    "JPEG 2000": shown(saved("RGB", ORANGE, "JPEG2000"), "/Filter /JPXDecode", ORANGE),
    "JPEG 2000 without a box": shown(
        saved("RGB", ORANGE, "JPEG2000", no_jp2=True), f"{RGB} /Filter /JPXDecode", ORANGE
    ),
    "lossy JPEG 2000": shown(
        saved("RGB", ORANGE, "JPEG2000", irreversible=True, quality_layers=[20]), "/Filter /JPXDecode", ORANGE
    ),
    "gray JPEG 2000": shown(saved("L", 51, "JPEG2000"), "/Filter /JPXDecode", (51, 51, 51)),
    "JPEG 2000 that is transparent": shown(
        saved("RGBA", (*ORANGE, 0), "JPEG2000"), "/Filter /JPXDecode /SMaskInData 1", WHITE
    ),
    "JBIG2": shown(jbig2(), f"{GRAY} 1 /Filter /JBIG2Decode", BLACK),
    "CCITT group 4": shown(
        fax(),
        f"{GRAY} 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {SIDE} /Rows {SIDE} >>",
        BLACK,
    ),
    "CCITT group 4, black for white": shown(
        fax(),
        f"{GRAY} 1 /Filter /CCITTFaxDecode "
        f"/DecodeParms << /K -1 /Columns {SIDE} /Rows {SIDE} /BlackIs1 true >>",
        WHITE,
    ),
    "one bit": shown(b"\x00" * 8, f"{GRAY} 1", BLACK, (8, 8)),
    "two bits": shown(b"\x55" * 16, f"{GRAY} 2", (85, 85, 85), (8, 8)),
    "four bits": shown(b"\x33" * 32, f"{GRAY} 4", (51, 51, 51), (8, 8)),
    "sixteen bits": shown(b"\x33\x00" * 64, f"{GRAY} 16", (51, 51, 51), (8, 8)),
    "within the page's content": Swatch(
        "100 0 0 100 0 0 cm BI /W 1 /H 1 /CS /RGB /BPC 8 /F /AHx ID CC6633> EI", ORANGE
    ),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Colour]:
    return draw(tmp_path_factory.mktemp("swatches"), FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_an_image_shows_its_pixels(drawn: dict[str, Colour], name: str) -> None:
    assert_alike(drawn[name], FORMATS[name].colour)
