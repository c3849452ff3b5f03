"""Text, structure and pictures of pages, from the file to what the parent believes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bifolio.conversion import limits
from bifolio.conversion.fonts import FONT_FOLDERS
from tests.conversion.conftest import Convert
from tests.conversion.pdfs import PdfFile, PdfPage, line_of

SCHEMA = json.loads((Path(__file__).parents[2] / "contracts" / "layers.schema.json").read_text())
CJK_FONTS = [path for folder in FONT_FOLDERS for path in Path(folder).rglob("*CJK*")]
WORDS = "several plain words that fill one column well"


def read(convert_bytes: Convert, file: PdfFile) -> tuple[dict[str, Any], str]:
    """The layers and the plain text of the file's first page."""
    page = convert_bytes(file.build()).pages[0]
    assert page.layers is not None
    layers = json.loads(page.layers)
    jsonschema.validate(layers, SCHEMA)
    return layers, page.text


def small(text: str, x: float, y: float) -> bytes:
    return f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n".encode("latin-1")


def test_a_ligature_is_found_by_its_letters(convert_bytes: Convert) -> None:
    font = "/F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [1 /ffi] >> >>"
    page = PdfPage(b"BT /F2 24 Tf 72 700 Td (o\\001ce) Tj ET", fonts=font)
    assert read(convert_bytes, PdfFile([page]))[1] == "office"


def test_a_divided_word_is_whole_in_the_text_and_divided_in_its_lines(convert_bytes: Convert) -> None:
    page = PdfPage(small("This is a divi-", 72, 700) + small("ded word.", 72, 688))
    layers, text = read(convert_bytes, PdfFile([page]))
    assert text == "This is a divided word."
    assert [line[0] for line in layers["lines"]] == ["This is a divi-", "ded word."]


def test_columns_that_are_drawn_row_by_row_are_read_column_by_column(convert_bytes: Convert) -> None:
    rows = []
    for number in range(10):
        left, right = f"L{number} {WORDS}", f"R{number} {WORDS}"
        rows.append(small(left, 50, 700 - 12 * number) + small(right, 310, 700 - 12 * number))
    layers, text = read(convert_bytes, PdfFile([PdfPage(b"".join(rows))]))
    marks = [word for word in text.split() if word[1:].isdigit()]
    assert marks == [f"{side}{number}" for side in "LR" for number in range(10)]
    assert {round(line[1]) < 300 for line in layers["lines"][:10]} == {True}


def test_rows_of_a_table_are_not_torn(convert_bytes: Convert) -> None:
    rows = [
        small(f"name{number}", 50, 700 - 12 * number) + small(f"{number}00", 310, 700 - 12 * number)
        for number in range(10)
    ]
    assert read(convert_bytes, PdfFile([PdfPage(b"".join(rows))]))[1].splitlines()[3] == "name3 300"


def test_a_diagonal_watermark_comes_last_and_covers_nothing(convert_bytes: Convert) -> None:
    stamp = b"BT /F1 90 Tf .7 .7 -.7 .7 150 250 Tm (DRAFT) Tj ET\n"
    body = b"".join(small(f"Line {number} of the page", 72, 700 - 12 * number) for number in range(30))
    layers, text = read(convert_bytes, PdfFile([PdfPage(stamp + body)]))
    assert text.splitlines() == [*(f"Line {number} of the page" for number in range(30)), "DRAFT"]
    assert layers["lines"][-1][4] < 170


@pytest.mark.skipif(not CJK_FONTS, reason="no font for Japanese: PDFium finds no text that it cannot draw")
def test_writing_downwards_reads_along_its_column(convert_bytes: Convert) -> None:
    font = (
        "/F2 << /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UTF16-V "
        "/DescendantFonts [1000 0 R] >>"
    )
    descendant = (
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /FontDescriptor 1001 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 4 >> >>"
    )
    descriptor = (
        "<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [0 -120 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
    )
    first, second = "縦書きの日本語".encode("utf-16-be").hex(), "二行目です".encode("utf-16-be").hex()
    content = f"BT /F2 24 Tf 400 700 Td <{first}> Tj -40 0 Td <{second}> Tj ET".encode()
    file = PdfFile([PdfPage(content, fonts=font)], objects=[descendant, descriptor])
    layers, text = read(convert_bytes, file)
    assert text.splitlines() == ["縦書きの日本語", "二行目です"]
    (_, x, _, width, height, angle), (_, next_x, *_) = layers["lines"]
    assert angle == 90
    assert height > 5 * width
    assert next_x < x


@pytest.mark.parametrize(
    "drawn", ["0 0 100 100 re f", "q 100 0 0 100 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"]
)
def test_a_page_that_only_shows_something_is_a_picture(convert_bytes: Convert, drawn: str) -> None:
    layers, text = read(convert_bytes, PdfFile([PdfPage(drawn.encode("latin-1"))]))
    assert layers["picture"] is True
    assert text == ""


def test_a_page_with_text_and_pictures_is_no_picture(convert_bytes: Convert) -> None:
    layers, _ = read(convert_bytes, PdfFile([PdfPage(b"0 0 100 100 re f " + line_of("Text"))]))
    assert "picture" not in layers


def tagged(tree: list[str], content: bytes, language: str = "en") -> PdfFile:
    """A page whose structure's elements are objects from 1002 on, the first of them the root's child."""
    marks = content.count(b"/MCID")
    parents = " ".join("1002 0 R" for _ in range(marks))
    root = "<< /Type /StructTreeRoot /K 1002 0 R /ParentTree 1001 0 R >>"
    catalog = f"/MarkInfo << /Marked true >> /StructTreeRoot 1000 0 R /Lang ({language})"
    page = PdfPage(content, extra="/StructParents 0")
    return PdfFile([page], catalog, objects=[root, f"<< /Nums [0 [{parents}]] >>", *tree])


def marked(kind: str, number: int, text: str, y: float) -> bytes:
    return f"/{kind} << /MCID {number} >> BDC\n".encode() + small(text, 72, y) + b"EMC\n"


def test_a_tagged_page_keeps_its_structure(convert_bytes: Convert) -> None:
    content = (
        b"/Artifact BMC\n"
        + small("Running head", 72, 800)
        + b"EMC\n"
        + marked("P", 1, "A paragraph that is di-", 680)
        + marked("P", 2, "vided.", 668)
        + marked("H1", 0, "The heading", 700)
    )
    tree = [
        "<< /S /Document /P 1000 0 R /K [1003 0 R 1004 0 R 1005 0 R] >>",
        "<< /S /H1 /P 1002 0 R /Pg 10 0 R /K 0 >>",
        "<< /S /P /P 1002 0 R /Pg 10 0 R /K [1 1006 0 R] >>",
        (
            "<< /S /Figure /P 1002 0 R /Pg 10 0 R /Lang (fr-CA) /K [] "
            "/Alt (<script>alert\\(1\\)</script> & more) >>"
        ),
        "<< /S /Span /P 1004 0 R /Pg 10 0 R /Lang (nl) /K [2] >>",
    ]
    file = tagged(tree, content)
    file.objects[1] = "<< /Nums [0 [1003 0 R 1004 0 R 1006 0 R 1005 0 R]] >>"
    layers, text = read(convert_bytes, file)
    assert layers["blocks"] == [
        {"kind": "heading", "level": 1, "text": "The heading"},
        {"kind": "paragraph", "text": "A paragraph that is divided.", "passages": [["nl", "vided."]]},
        {"kind": "figure", "text": "<script>alert(1)</script> & more", "language": "fr-CA"},
    ]
    assert "Running head" in text


def test_a_structure_that_runs_in_circles_ends(convert_bytes: Convert) -> None:
    tree = [
        "<< /S /Document /P 1000 0 R /K [1003 0 R 1003 0 R] >>",
        "<< /S /Sect /P 1002 0 R /Pg 10 0 R /K [1002 0 R 1003 0 R 0] >>",
    ]
    file = tagged(tree, marked("P", 0, "Around and around", 700))
    file.objects[1] = "<< /Nums [0 [1003 0 R]] >>"
    layers, text = read(convert_bytes, file)
    assert text == "Around and around"
    assert len(layers.get("blocks", [])) <= 1


def linked(quads: str) -> PdfFile:
    link = (
        f"<< /Type /Annot /Subtype /Link /Rect [50 660 500 712] /QuadPoints [{quads}] "
        "/A << /S /URI /URI (https://example.org/) >> >>"
    )
    return PdfFile([PdfPage(extra=f"/Annots [{link}]")])


def test_a_link_over_two_lines_has_an_area_on_each(convert_bytes: Convert) -> None:
    quads = "400 712 500 712 400 700 500 700 50 672 120 672 50 660 120 660"
    layers, _ = read(convert_bytes, linked(quads))
    areas = [tuple(link[side] for side in ("x", "y", "width", "height")) for link in layers["links"]]
    assert areas == [(400, 130, 100, 12), (50, 170, 70, 12)]
    assert {link["url"] for link in layers["links"]} == {"https://example.org/"}


@pytest.mark.parametrize("quads", ["", "1 2 3", "0 0 9999 0 0 9999 9999 9999 50 672 120 672 50 660 120 660"])
def test_areas_outside_of_their_link_are_not_believed(convert_bytes: Convert, quads: str) -> None:
    (link,) = read(convert_bytes, linked(quads))[0]["links"]
    assert (link["x"], link["y"], link["width"], link["height"]) == (50, 130, 450, 52)


def test_a_flood_of_alternative_texts_leaves_the_page_readable(convert_bytes: Convert) -> None:
    figures = ["<< /S /Figure /P 1002 0 R /Pg 10 0 R /Alt 1004 0 R /K [] >>" for _ in range(3_000)]
    kids = " ".join(f"{1005 + number} 0 R" for number in range(len(figures)))
    tree = [
        f"<< /S /Document /P 1000 0 R /K [1003 0 R {kids}] >>",
        "<< /S /P /P 1002 0 R /Pg 10 0 R /K 0 >>",
        f"({'x' * 400_000})",
        *figures,
    ]
    file = tagged(tree, marked("P", 0, "Still here", 700))
    file.objects[1] = f"<< /Nums [0 [1003 0 R {kids}]] >>"
    layers, text = read(convert_bytes, file)
    assert text == "Still here"
    assert layers["blocks"][0]["text"] == "Still here"
    assert sum(len(block["text"]) for block in layers["blocks"]) <= limits.MAX_CHARACTERS
