"""Documents that ask for more memory or time than there is: a page is lost, never the book."""

import zlib

import pytest

from bifolio.conversion.events import ConversionLimits
from bifolio.conversion.reasons import PlaceholderReason
from tests.conversion.conftest import Conversion, Convert
from tests.conversion.pdfs import PdfFile, PdfPage, line_of, stream_of

SMALL_MEMORY = ConversionLimits(page_timeout_s=10, memory_bytes=400 << 20)
LITTLE_TIME = ConversionLimits(page_timeout_s=5)
FEW_OF_EACH, DEPTH = 12, 12


def between_two(content: bytes = b"", resources: str = "", objects: tuple[str, ...] = ()) -> PdfFile:
    """A book whose middle page is the hostile one."""
    middle = PdfPage(content, resources=resources)
    pages = [PdfPage(line_of("before")), middle, PdfPage(line_of("after"))]
    return PdfFile(pages, objects=list(objects))


def assert_only_the_middle_is_lost(outcome: Conversion) -> None:
    assert outcome.failure is None
    assert [page.number for page in outcome.pages] == [1, 2, 3]
    assert outcome.pages[1].placeholder is not None
    assert [outcome.pages[index].text for index in (0, 2)] == ["before", "after"]


def test_forms_that_multiply_cost_only_their_page(convert_bytes: Convert) -> None:
    """P5: exponential forms."""
    form = "/Subtype /Form /BBox [0 0 595 842]"
    levels = [
        stream_of(b"/F Do " * FEW_OF_EACH, f"{form} /Resources << /XObject << /F {1001 + level} 0 R >> >>")
        for level in range(DEPTH)
    ]
    last = stream_of(b"0 0 m 9 9 l S", form)
    file = between_two(b"/F Do " * FEW_OF_EACH, "/XObject << /F 1000 0 R >>", (*levels, last))
    assert_only_the_middle_is_lost(convert_bytes(file.build(), limits=SMALL_MEMORY))


@pytest.mark.parametrize("filters", [1, 2])
def test_content_that_unpacks_to_too_much_costs_only_its_page(convert_bytes: Convert, filters: int) -> None:
    """P6: decompression bombs."""
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * 6_000_000, 1)
    for _ in range(filters - 1):
        packed = zlib.compress(packed)
    bomb = stream_of(packed, f"/Filter [{'/FlateDecode ' * filters}]")
    content = between_two(objects=(bomb,)).build().replace(b"/Contents 13 0 R", b"/Contents 1000 0 R")
    assert_only_the_middle_is_lost(convert_bytes(content, limits=SMALL_MEMORY))


def test_a_shading_that_never_ends_costs_only_its_page(convert_bytes: Convert) -> None:
    """P7: a program that runs for every pixel."""
    body = b"{ " + b"360 mul sin abs 0.5 add sqrt " * 4000 + b"pop dup dup }"
    function = stream_of(body, "/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]")
    shading = "<< /ShadingType 1 /ColorSpace /DeviceRGB /Matrix [595 0 0 842 0 0] /Function 1000 0 R >>"
    outcome = convert_bytes(
        between_two(b"/S sh", f"/Shading << /S {shading} >>", (function,)).build(), limits=LITTLE_TIME
    )
    assert_only_the_middle_is_lost(outcome)
    assert outcome.pages[1].placeholder is PlaceholderReason.OUT_OF_TIME


SLOW = {
    "states": b"q " * 300_000,
    "paths": b"0 0 m " + b"595 842 l 0 842 l 595 0 l 0 1 l " * 40_000 + b"f",
    "dashes": b"[0.001 0.001] 0 d 0 9 m 595 9 l S " * 300,
    "clips": b"q 0 0 595 842 re W n " * 30_000,
    "text": b"BT /F1 1 Tf " + b"(%b) Tj " % (b"x" * 200) * 5_000 + b"ET",
    "pictures": b"q 595 0 0 842 0 0 cm /I Do Q " * 200,
}


@pytest.mark.parametrize("kind", SLOW)
def test_what_is_slow_but_ends_costs_its_page_at_most(convert_bytes: Convert, kind: str) -> None:
    """P8: work that is slow but finite."""
    size = "/Subtype /Image /Width 1000 /Height 1000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    image = stream_of(zlib.compress(bytes(1_000_000)), f"{size} /Filter /FlateDecode")
    file = between_two(SLOW[kind], "/XObject << /I 1000 0 R >>", (image,))
    outcome = convert_bytes(file.build(), limits=LITTLE_TIME)
    assert outcome.failure is None
    assert [page.number for page in outcome.pages] == [1, 2, 3]
    assert [outcome.pages[index].text for index in (0, 2)] == ["before", "after"]


@pytest.mark.parametrize(
    ("side", "bits", "space"),
    [(20_000, 1, "/DeviceGray"), (5_000, 8, "/DeviceRGB")],
    ids=["one bit", "colour"],
)
def test_an_image_of_too_many_pixels_is_drawn_bit_by_bit(
    convert_bytes: Convert, side: int, bits: int, space: str
) -> None:
    """P9: floods of pixels within a page. Pictures that are documents: test_pictures.py."""
    channels = 3 if space == "/DeviceRGB" else 1
    pixels = zlib.compress(bytes(side * side * bits * channels // 8), 1)
    entries = f"/Width {side} /Height {side} /BitsPerComponent {bits} /ColorSpace {space}"
    image = stream_of(pixels, f"/Subtype /Image {entries} /Filter /FlateDecode")
    file = between_two(b"595 0 0 842 0 0 cm /I Do", "/XObject << /I 1000 0 R >>", (image,))
    outcome = convert_bytes(file.build(), limits=SMALL_MEMORY)
    assert outcome.failure is None
    assert not any(page.placeholder for page in outcome.pages)


@pytest.mark.parametrize("filter_name", ["DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "JPXDecode"])
def test_an_image_that_only_announces_its_pixels_takes_none(convert_bytes: Convert, filter_name: str) -> None:
    """P9: sizes beyond all reason, with no data behind them."""
    entries = "/Width 65500 /Height 65500 /BitsPerComponent 1 /ColorSpace /DeviceGray"
    image = stream_of(b"\xff\xd8\xff\xe0nothing", f"/Subtype /Image {entries} /Filter /{filter_name}")
    file = between_two(b"595 0 0 842 0 0 cm /I Do", "/XObject << /I 1000 0 R >>", (image,))
    outcome = convert_bytes(file.build(), limits=SMALL_MEMORY)
    assert outcome.failure is None
    assert [outcome.pages[index].text for index in (0, 2)] == ["before", "after"]
