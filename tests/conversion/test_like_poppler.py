"""Pages of real documents beside poppler's drawings of them: colour, rotation, crop and transparency.

Pages that differ for a reason are named in data/unlike_poppler.tsv, which says whose drawing is right.
"""

import csv
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bifolio.conversion.events import ConversionLimits
from tests.conversion.conftest import convert_file
from tests.conversion.likeness import likeness, poppler_drawing
from tests.conversion.manifest import Row, read_manifest, spread
from tests.conversion.page_images import opened

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm of poppler-utils"),
]

LEAST_STRUCTURE, MOST_SHADE = 0.91, 24.0
"""Between programs that draw the same: the lowest SSIM seen is 0.916, the greatest shade 22.9."""
SAMPLE_SIZE, PARTS = 12, 32
PDFBOX = "apache_pdfbox/pdfbox/src/test/resources"
ALWAYS = {
    f"{PDFBOX}/input/rendering/tiger-as-form-xobject.pdf",
    f"{PDFBOX}/org/apache/pdfbox/pdmodel/interactive/form/AcroFormsRotation.pdf",
    "apache_pdfbox/tools/src/test/resources/input/ImageIOUtil/JPXTestGrey.pdf",
    "deb_context/metafun-p.pdf",
    "deb_golang-github-jung-kurt-gofpdf-dev/Fpdf_SetAlpha_transparency.pdf",
    "ocrmypdf_OCRmyPDF/tests/resources/masks.pdf",
    "py-pdf_sample-files/015-arabic/habibi-rotated.pdf",
    "py-pdf_sample-files/023-cmyk-image/cmyk-image.pdf",
    "qpdf_qpdf/qpdf/qtest/qpdf/annotations-no-acroform-with-p.out.pdf",
}
"""Forms, JPEG 2000, drawings, transparency, masks, rotation, inks, fields without a form."""
UNLIKE = Path(__file__).parent / "data" / "unlike_poppler.tsv"


def known_pages() -> dict[tuple[str, int], str]:
    with UNLIKE.open(encoding="utf-8") as file:
        return {
            (row["file"], int(row["page"])): row["reason"] for row in csv.DictReader(file, delimiter="\t")
        }


KNOWN = known_pages()


def documents(corpus: Path) -> list[Row]:
    return [row for row in read_manifest(corpus) if row.is_ordinary and row.pages and row.source != "hostile"]


def unlike_pages(corpus: Path, row: Row) -> list[str]:
    """Words on those of a document's first and middle page that differ."""
    compared = {1, row.pages // 2 + 1}
    others = [number for number in range(1, row.pages + 1) if number not in compared]
    outcome = convert_file(corpus / row.file, limits=ConversionLimits(max_pages=0), done=others)
    assert {page.number for page in outcome.pages} == compared, row.file
    found = []
    for page in outcome.pages:
        ours = opened(page.large)
        theirs = poppler_drawing(corpus / row.file, page.number, ours.size)
        if theirs is None or (row.file, page.number) in KNOWN:
            continue
        structure, shade = likeness(ours, theirs)
        if structure < LEAST_STRUCTURE or shade > MOST_SHADE:
            found.append(f"{row.file}, page {page.number}: structure {structure}, shade {shade}")
    return found


def test_pages_look_as_poppler_draws_them(corpus: Path) -> None:
    rows = documents(corpus)
    sample = [row for row in rows if row.file in ALWAYS]
    assert len(sample) == len(ALWAYS)
    sample += spread((row for row in rows if row.pages <= 100), SAMPLE_SIZE)
    assert [words for row in sample for words in unlike_pages(corpus, row)] == []


@pytest.mark.faults
@pytest.mark.parametrize("part", range(PARTS))
def test_every_document_looks_as_poppler_draws_it(corpus: Path, part: int) -> None:
    assert [words for row in documents(corpus)[part::PARTS] for words in unlike_pages(corpus, row)] == []


def test_what_differs_is_named_with_its_reason(corpus: Path) -> None:
    pages = {row.file: row.pages for row in read_manifest(corpus)}
    for (file, number), reason in KNOWN.items():
        assert 1 <= number <= pages[file], file
        assert len(reason) > 20, file


def drawing(*shapes: tuple[tuple[int, int, int, int], str]) -> Image.Image:
    image = Image.new("RGB", (1800, 2400), "white")
    pen = ImageDraw.Draw(image)
    for row in range(200, 2200, 40):
        pen.rectangle((200, row, 1600, row + 12), fill="black")
    for box, colour in shapes:
        pen.rectangle(box, fill=colour)
    return image


EMBLEM = (100, 100, 220, 220)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (drawing((EMBLEM, "red")), drawing()),
        (drawing((EMBLEM, "#ff8000")), drawing((EMBLEM, "#ffb000"))),
        (drawing(), drawing().rotate(180)),
        (drawing(), drawing().resize((1800, 2300)).crop((0, 0, 1800, 2400))),
        (drawing(), Image.new("RGB", (1800, 2400), "white")),
    ],
    ids=["small picture missing", "other colour", "upside down", "cropped differently", "empty"],
)
def test_a_fault_of_drawing_is_noticed(one: Image.Image, other: Image.Image) -> None:
    structure, shade = likeness(one, other)
    assert structure < LEAST_STRUCTURE or shade > MOST_SHADE
    assert likeness(one, one) == (1.0, 0.0)
