"""The colour spaces of print and of calibrated devices, in the colours that a press would give.

Inks are those of SWOP, as viewers show them when no profile is named. Overprinting is not simulated:
an ink covers what is below it, as on any screen that shows no proof.
"""

import functools
import io

import pytest
from PIL import Image, ImageCms

from tests.conversion.engine.swatches import ALL, WHITE, Swatch, assert_alike, draw
from tests.conversion.page_images import Colour
from tests.conversion.pdfs import stream_of

CYAN, MAGENTA, YELLOW, BLACK = (0, 174, 239), (236, 0, 140), (255, 242, 0), (35, 31, 32)
RED, GREEN, BLUE = (237, 28, 36), (0, 166, 81), (46, 49, 146)
INKS = {
    "1 0 0 0": CYAN,
    "0 1 0 0": MAGENTA,
    "0 0 1 0": YELLOW,
    "0 0 0 1": BLACK,
    "0 1 1 0": RED,
    "1 0 1 0": GREEN,
    "1 1 0 0": BLUE,
    "0 0 0 0": WHITE,
    "1 1 1 1": (0, 0, 0),
}
ORANGE_INK = "<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 1 1 0] /N 1 >>"
TWO_INKS = stream_of(b"{ 0 exch dup 0 mul }", "/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1]")
"""The first colorant is cyan, the second yellow."""
CMYK_PIXELS = bytes([0, 255, 255, 0] * 4)


def spaced(space: str, operands: str, colour: Colour, *objects: str) -> Swatch:
    return Swatch(f"/S cs {operands} scn {ALL}", colour, f"/ColorSpace << /S {space} >>", objects)


def image(entries: str, data: bytes, colour: Colour, *objects: str) -> Swatch:
    shape = "/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8"
    content = "100 0 0 100 0 0 cm /I Do"
    return Swatch(content, colour, "/XObject << /I @0 >>", (stream_of(data, f"{shape} {entries}"), *objects))


@functools.cache
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg_of_inks(cmyk: tuple[int, int, int, int]) -> bytes:
    """As Photoshop writes it: every value is turned round, and a marker of Adobe's says so."""
    file = io.BytesIO()
    Image.new("CMYK", (16, 16), cmyk).save(file, "JPEG", quality=95)
    return file.getvalue()


PRESS = {
    **{f"inks {inks}": Swatch(f"{inks} k {ALL}", colour) for inks, colour in INKS.items()},
    "stroke": Swatch("0 1 1 0 K 200 w 0 50 m 100 50 l S", RED),
    "spot colour": spaced(f"[/Separation /Spot /DeviceCMYK {ORANGE_INK}]", "1", RED),
    "spot colour at zero": spaced(f"[/Separation /Spot /DeviceCMYK {ORANGE_INK}]", "0", WHITE),
    "every plate": spaced(
        f"[/Separation /All /DeviceCMYK {ORANGE_INK.replace('0 1 1 0', '0 0 0 1')}]", "1", BLACK
    ),
    "two spot colours": spaced("[/DeviceN [/One /Two] /DeviceCMYK @0]", "1 0", CYAN, TWO_INKS),
    "image of inks": image("/ColorSpace /DeviceCMYK", CMYK_PIXELS, RED),
    "image of a spot colour": image(
        f"/ColorSpace [/Separation /Spot /DeviceCMYK {ORANGE_INK}]", bytes([255] * 4), RED
    ),
    "JPEG of inks": image(
        "/ColorSpace /DeviceCMYK /Filter /DCTDecode /Decode [1 0 1 0 1 0 1 0]",
        jpeg_of_inks((0, 255, 255, 0)),
        RED,
    ),
    "indexed inks": image("/ColorSpace [/Indexed /DeviceCMYK 1 <0000000000FFFF00>]", bytes([1] * 4), RED),
    "shading of inks": Swatch(
        "/S sh",
        RED,
        "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceCMYK "
        f"/Coords [-1 0 0 0] /Extend [true true] /Function {ORANGE_INK} >> >>",
    ),
    "overprinted inks": Swatch(
        f"1 0 0 0 k {ALL} /G gs 0 0 1 0 k {ALL}", YELLOW, "/ExtGState << /G << /OP true /op true /OPM 0 >> >>"
    ),
}
EXACT = {
    "gray": Swatch(f"0.5 g {ALL}", (128, 128, 128)),
    "calibrated gray": spaced("[/CalGray << /WhitePoint [0.95 1 1.09] >>]", "0", (0, 0, 0)),
    "calibrated colours": spaced(
        "[/CalRGB << /WhitePoint [0.9505 1 1.089] /Gamma [2.2 2.2 2.2] /Matrix "
        "[0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505] >>]",
        "0.8 0.4 0.2",
        (204, 102, 51),
    ),
    "Lab": spaced(
        "[/Lab << /WhitePoint [0.9642 1 0.8249] /Range [-128 127 -128 127] >>]", "54 81 70", (255, 0, 0)
    ),
    "profile": spaced(
        "[/ICCBased @0]",
        "0.8 0.4 0.2",
        (204, 102, 51),
        stream_of(srgb_profile(), "/N 3 /Alternate /DeviceRGB"),
    ),
    "damaged profile": spaced(
        "[/ICCBased @0]", "0.8 0.4 0.2", (204, 102, 51), stream_of(b"nothing", "/N 3 /Alternate /DeviceRGB")
    ),
    "indexed": image("/ColorSpace [/Indexed /DeviceRGB 1 <000000CC6633>]", bytes([1] * 4), (204, 102, 51)),
    "turned round": image(
        "/ColorSpace /DeviceRGB /Decode [1 0 1 0 1 0]", bytes([51, 153, 204] * 4), (204, 102, 51)
    ),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Colour]:
    return draw(tmp_path_factory.mktemp("swatches"), {**PRESS, **EXACT})


@pytest.mark.parametrize("name", PRESS)
def test_inks_look_as_in_print(drawn: dict[str, Colour], name: str) -> None:
    assert_alike(drawn[name], PRESS[name].colour)


@pytest.mark.parametrize("name", EXACT)
def test_a_colour_space_gives_its_colour(drawn: dict[str, Colour], name: str) -> None:
    assert_alike(drawn[name], EXACT[name].colour)
