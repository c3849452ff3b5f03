"""What a page is drawn from besides plain paths: glyphs, patterns, shadings, layers, notes and fields."""

import json
from pathlib import Path

import pytest

from tests.conversion.conftest import Convert
from tests.conversion.engine.swatches import ALL, WHITE, Swatch, assert_alike, draw
from tests.conversion.page_images import Colour, colour_at, opened
from tests.conversion.pdfs import PdfFile, PdfPage, stream_of

ORANGE = (204, 102, 51)
PAINT = "0.8 0.4 0.2 rg"
FILL = f"{PAINT} {ALL}"
HIDDEN, SHOWN = "1000 0 R", "1001 0 R"
LAYERS = ("<< /Type /OCG /Name (Hidden) >>", "<< /Type /OCG /Name (Shown) >>")
CATALOG = f"/OCProperties << /OCGs [{HIDDEN} {SHOWN}] /D << /OFF [{HIDDEN}] >> >> /AcroForm << /Fields [] >>"


def letter(drawing: str) -> Swatch:
    """A page with one glyph of a Type 3 font, as large as the page."""
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 100 100] /FontMatrix [0.01 0 0 0.01 0 0] "
        "/FirstChar 97 /LastChar 97 /Widths [100] /Encoding << /Differences [97 /a] >> "
        "/CharProcs << /a @1 >> /Resources << >> >>"
    )
    content = f"{PAINT} BT /T 100 Tf (a) Tj ET"
    return Swatch(content, ORANGE, "/Font << /T @0 >>", (font, stream_of(drawing.encode())))


def tiled(kind: int, cell: str, content: str) -> Swatch:
    pattern = stream_of(
        cell.encode(),
        f"/PatternType 1 /PaintType {kind} /TilingType 1 /BBox [0 0 10 10] "
        "/XStep 10 /YStep 10 /Resources << >>",
    )
    resources = "/Pattern << /P @0 >> /ColorSpace << /U [/Pattern /DeviceRGB] >>"
    return Swatch(f"{content} {ALL}", ORANGE, resources, (pattern,))


def shaded(entries: str, colour: Colour = ORANGE) -> Swatch:
    function = "<< /FunctionType 2 /Domain [0 1] /C0 [0.8 0.4 0.2] /C1 [0.8 0.4 0.2] /N 1 >>"
    shading = f"<< /ColorSpace /DeviceRGB {entries.format(function=function)} >>"
    return Swatch("/S sh", colour, f"/Shading << /S {shading} >>")


def mesh() -> Swatch:
    corners = b"".join(b"\x00" + bytes((x, y)) + bytes(ORANGE) for x, y in ((0, 0), (255, 0), (128, 255)))
    shading = stream_of(
        corners,
        "/ShadingType 4 /ColorSpace /DeviceRGB /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 "
        "/Decode [0 100 0 100 0 1 0 1 0 1]",
    )
    return Swatch("/S sh", ORANGE, "/Shading << /S @0 >>", (shading,))


def note(entries: str, colour: Colour, form: str = FILL) -> Swatch:
    """A page with one annotation over all of it."""
    annotation = f"<< /Type /Annot /Rect [0 0 100 100] {entries} >>"
    drawing = stream_of(form.encode(), "/Type /XObject /Subtype /Form /BBox [0 0 100 100]")
    return Swatch("", colour, extra="/Annots [@0]", objects=(annotation, drawing))


def layer(visible: str, colour: Colour, *objects: str) -> Swatch:
    return Swatch(f"/OC /L BDC {FILL} EMC", colour, f"/Properties << /L {visible} >>", objects)


PARTS = {
    "glyph of Type 3 in the text's colour": letter(f"100 0 0 0 100 100 d1 {ALL}"),
    "glyph of Type 3 in its own colour": letter(f"100 0 d0 {FILL}"),
    "glyph of Type 3 that is a stencil": letter(
        "100 0 0 0 100 100 d1 100 0 0 100 0 0 cm BI /W 1 /H 1 /IM true /BPC 1 /F /AHx ID 00> EI"
    ),
    "pattern in its own colours": tiled(1, f"{PAINT} 0 0 10 10 re f", "/Pattern cs /P scn"),
    "pattern in the page's colour": tiled(2, "0 0 10 10 re f", "/U cs 0.8 0.4 0.2 /P scn"),
    "axial shading": shaded("/ShadingType 2 /Coords [0 0 100 0] /Function {function}"),
    "radial shading": shaded("/ShadingType 3 /Coords [50 50 0 50 50 60] /Function {function}"),
    "shading that does not extend": shaded("/ShadingType 2 /Coords [0 0 40 0] /Function {function}", WHITE),
    "mesh of triangles": mesh(),
    "within text as a clip": Swatch(f"BT /F1 1000 Tf 7 Tr -80 0 Td (.) Tj ET {FILL}", ORANGE),
    "outside of text as a clip": Swatch(f"BT /F1 1000 Tf 7 Tr 0 60 Td (.) Tj ET {FILL}", WHITE),
    "clip": Swatch(f"q 0 0 40 100 re W n {FILL} Q", WHITE),
    "even-odd fill": Swatch(f"{PAINT} 0 0 100 100 re 20 20 60 60 re f*", WHITE),
    "nonzero fill": Swatch(f"{PAINT} 0 0 100 100 re 20 20 60 60 re f", ORANGE),
    "form in a form": Swatch(
        "/F Do",
        ORANGE,
        "/XObject << /F @0 >>",
        (
            stream_of(b"/G Do", "/Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /G @1 >> >>"),
            stream_of(
                b"0.8 0.4 0.2 rg 0 0 1 1 re f", "/Subtype /Form /BBox [0 0 1 1] /Matrix [100 0 0 100 0 0]"
            ),
        ),
    ),
    "annotation": note("/Subtype /Stamp /AP << /N @1 >>", ORANGE),
    "annotation that is hidden": note("/Subtype /Stamp /F 2 /AP << /N @1 >>", WHITE),
    "annotation that is not for view": note("/Subtype /Stamp /F 32 /AP << /N @1 >>", WHITE),
    "annotation that only pops up": note("/Subtype /Popup /Open false /AP << /N @1 >>", WHITE),
    "annotation with two states": note(
        "/Subtype /Widget /FT /Btn /T (box) /AS /On /AP << /N << /On @1 /Off null >> >>", ORANGE
    ),
    "field without a drawing of its own": note(
        "/Subtype /Widget /FT /Tx /T (name) /V (.) /DA (/Helv 4 Tf 0 g) /MK << /BG [0.8 0.4 0.2] >>", ORANGE
    ),
    "highlight without a drawing of its own": note(
        "/Subtype /Highlight /C [1 1 0] /QuadPoints [0 100 100 100 0 0 100 0]", (255, 255, 0)
    ),
    "layer that is shown": layer(SHOWN, ORANGE),
    "layer that is hidden": layer(HIDDEN, WHITE),
    "layer shown with any of two": layer(
        "@0", ORANGE, f"<< /Type /OCMD /OCGs [{HIDDEN} {SHOWN}] /P /AnyOn >>"
    ),
    "layer shown with both only": layer("@0", WHITE, f"<< /Type /OCMD /OCGs [{HIDDEN} {SHOWN}] /P /AllOn >>"),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Colour]:
    return draw(tmp_path_factory.mktemp("swatches"), PARTS, CATALOG, LAYERS)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_page_is_drawn_as_its_author_meant(drawn: dict[str, Colour], name: str) -> None:
    assert_alike(drawn[name], PARTS[name].colour)


def test_fields_that_have_lost_their_form_are_drawn(tmp_path: Path) -> None:
    fields = {
        "text": note("/Subtype /Widget /FT /Tx /T (text) /AP << /N @1 >>", ORANGE),
        "box": note("/Subtype /Widget /FT /Btn /AS /On /AP << /N << /On @1 >> >>", ORANGE),
        "hidden": note("/Subtype /Widget /FT /Tx /F 2 /AP << /N @1 >>", WHITE),
    }
    for name, colour in draw(tmp_path, fields).items():
        assert_alike(colour, fields[name].colour)


def test_links_of_a_page_whose_fields_have_lost_their_form_stay(convert_bytes: Convert) -> None:
    link = "/Subtype /Link /Rect [10 10 50 50] /A << /S /URI /URI (https://www.w3.org/) >>"
    field = "/Subtype /Widget /FT /Tx /Rect [60 60 90 90] /AP << /N 1000 0 R >>"
    drawing = stream_of(FILL.encode(), "/Type /XObject /Subtype /Form /BBox [0 0 100 100]")
    page = PdfPage(b"", "0 0 100 100", extra=f"/Annots [<< {link} >> << {field} >>]")
    (converted,) = convert_bytes(PdfFile([page], objects=[drawing]).build()).pages
    assert converted.layers is not None
    assert [entry["url"] for entry in json.loads(converted.layers)["links"]] == ["https://www.w3.org/"]
    assert_alike(colour_at(opened(converted.medium), 0.75, 0.25), ORANGE)
