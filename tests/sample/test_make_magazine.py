"""The sample magazine, made as a newcomer makes it and read back with PDFium."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

pytest.importorskip("typst", reason="the sample magazine needs the package typst")

GENERATOR = Path(__file__).resolve().parents[2] / "sample" / "make_magazine.py"
FAMILIES = {"Gloock", "Newsreader16pt16pt", "HankenGrotesk"}


def make(path: Path) -> Path:
    subprocess.run([sys.executable, str(GENERATOR), str(path)], check=True, capture_output=True, timeout=120)
    return path


@pytest.fixture(scope="module")
def magazine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("magazine") / "magazine.pdf")


@pytest.fixture
def document(magazine: Path) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(magazine)
    yield opened
    opened.close()


def text_of(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    textpage = page.get_textpage()
    text: str = textpage.get_text_range()
    textpage.close()
    page.close()
    return text


def link_targets(document: pypdfium2.PdfDocument) -> tuple[set[str], dict[int, set[int]]]:
    """The addresses linked to, and for each page index the page indexes that it links to."""
    addresses: set[str] = set()
    inside: dict[int, set[int]] = {}
    for index in range(len(document)):
        page = document[index]
        position = pdfium.c_int(0)
        link = pdfium.FPDF_LINK()
        while pdfium.FPDFLink_Enumerate(page, position, link):
            action = pdfium.FPDFLink_GetAction(link)
            target = pdfium.FPDFLink_GetDest(document, link)
            if not target and action:
                target = pdfium.FPDFAction_GetDest(document, action)
            if target:
                inside.setdefault(index, set()).add(pdfium.FPDFDest_GetDestPageIndex(document, target))
            elif action:
                size = pdfium.FPDFAction_GetURIPath(document, action, None, 0)
                buffer = pdfium.create_string_buffer(size)
                pdfium.FPDFAction_GetURIPath(document, action, buffer, size)
                addresses.add(buffer.value.decode())
        page.close()
    return addresses, inside


def test_it_has_twenty_four_pages_of_one_size(document: pypdfium2.PdfDocument) -> None:
    sizes = {
        tuple(round(side / 72 * 25.4) for side in document.get_page_size(i)) for i in range(len(document))
    }
    assert len(document) == 24
    assert sizes == {(215, 280)}


def test_it_is_small_enough_to_publish_at_once(magazine: Path) -> None:
    assert magazine.stat().st_size < 6_000_000


def test_it_says_its_title_and_subject(document: pypdfium2.PdfDocument) -> None:
    metadata = document.get_metadata_dict()
    assert metadata["Title"] == "Deckle: the folding issue"
    assert metadata["Subject"].startswith("A sample magazine")


def test_its_outline_has_two_levels_in_page_order(document: pypdfium2.PdfDocument) -> None:
    entries = [(item.level, item.get_title(), item.get_dest().get_index()) for item in document.get_toc()]
    articles = [title for level, title, _ in entries if level == 0]
    pages = [page for _, _, page in entries]
    assert "The fold that opens in one pull" in articles
    assert len(articles) >= 9
    assert {level for level, _, _ in entries} == {0, 1}
    assert pages == sorted(pages)


def test_the_contents_page_leads_to_the_printed_page_numbers(document: pypdfium2.PdfDocument) -> None:
    _, inside = link_targets(document)
    printed = {int(number) - 1 for number in re.findall(r"^(\d+)\b", text_of(document, 2), re.MULTILINE)}
    assert len(inside[2]) == 9
    assert inside[2] == printed - {2}


def test_it_links_to_the_web_and_to_a_letter_box(document: pypdfium2.PdfDocument) -> None:
    addresses, _ = link_targets(document)
    assert "mailto:deckle@example.org" in addresses
    assert "https://www.w3.org/TR/WCAG22/" in addresses
    assert all(address.startswith(("https://", "mailto:")) for address in addresses)


def test_every_page_but_the_pictures_has_text(document: pypdfium2.PdfDocument) -> None:
    lengths = [len(text_of(document, index)) for index in range(len(document))]
    assert min(lengths) > 10
    assert sum(lengths) > 15_000
    assert "bifolium" in text_of(document, 3)


def test_its_fonts_are_the_bundled_ones_and_embedded(document: pypdfium2.PdfDocument) -> None:
    names: set[str] = set()
    for index in range(len(document)):
        page = document[index]
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
            font = pdfium.FPDFTextObj_GetFont(item)
            assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
            buffer = pdfium.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
            names.add(buffer.value.decode().split("+")[-1])
        page.close()
    assert {name.split("-")[0] for name in names} == FAMILIES


def test_its_page_labels_are_the_printed_numbers(document: pypdfium2.PdfDocument) -> None:
    assert [document.get_page_label(index) for index in (0, 2, 23)] == ["1", "3", "24"]


def test_it_comes_out_the_same_each_time(magazine: Path, tmp_path: Path) -> None:
    assert make(tmp_path / "again.pdf").read_bytes() == magazine.read_bytes()


def test_it_explains_itself_when_called_without_a_path() -> None:
    answer = subprocess.run([sys.executable, str(GENERATOR)], check=False, capture_output=True, text=True)
    assert answer.returncode == 2
    assert "usage" in answer.stderr
