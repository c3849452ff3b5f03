"""Real documents: many scripts, rotations, sizes and makers. ``faults`` runs them all.

How they end once they are published is tested in tests/publishing/test_corpus.py.
"""

import json
from pathlib import Path

import jsonschema
import pytest

from bifolio.conversion.events import ConversionLimits
from bifolio.conversion.reasons import FailureReason, FileKind
from bifolio.conversion.run import count_pages
from bifolio.conversion.sniff import sniff
from tests.conversion.conftest import Conversion, convert_file
from tests.conversion.manifest import LOCKED, REFUSED, ending, read_manifest, spread

pytestmark = pytest.mark.corpus

SCHEMA = json.loads((Path(__file__).parents[2] / "contracts" / "layers.schema.json").read_text())
LONG_AS_A_SAMPLE = 12
PARTS = 32
PDMODEL = "apache_pdfbox/pdfbox/src/test/resources/org/apache/pdfbox/pdmodel"
VARIED = {
    "apache_pdfbox/pdfbox/src/test/resources/org/apache/pdfbox/text/BidiSample.pdf": "العربية",
    "apache_pdfbox/tools/src/test/resources/org/apache/pdfbox/AngledExample.pdf": "Vertical Text",
    "apache_pdfbox/tools/src/test/resources/input/ImageIOUtil/JPXTestCMYK.pdf": "",
    f"{PDMODEL}/interactive/form/AcroFormsRotation.pdf": "",
    "chromium_pdfium/testing/resources/annots.pdf": "Link Annotations",
    "chromium_pdfium/testing/resources/rotated_text_90.pdf": "Hello,",
    "deb_debian-edu-doc-ja/debian-edu-bookworm-manual.pdf": "Debian Edu",
    "deb_debian-history/project-history.ko.pdf": "데비안",
    "deb_debian-refcard/refcard-ja-a4.pdf": "Debian",
    "deb_debian-refcard/refcard-zh_CN-a4.pdf": "Debian",
    "deb_fonts-hosny-amiri/Documentation-Arabic.pdf": "الخط الأميري",
    "deb_fonts-lxgw-wenkai-doc/demo.pdf": "霞鹜文楷",
    "deb_golang-github-jung-kurt-gofpdf-dev/Fpdf_RotateText.pdf": "",
    "deb_golang-github-jung-kurt-gofpdf-dev/Fpdf_SetAlpha_transparency.pdf": "Alpha Blending",
    "deb_installation-guide-amd64/install.zh_CN.pdf": "Debian",
    "deb_lilypond-doc-pdf/learning.pdf": "LilyPond",
    "deb_packaging-tutorial/packaging-tutorial.ja.pdf": "アウトライン",
    "deb_texlive-lang-arabic/bidi.pdf": "bidi",
    "deb_texlive-lang-japanese/pldoc.pdf": "トンボ",
    "deb_context/metafun-p.pdf": "METAPOST",
    "py-pdf_sample-files/015-arabic/habibi-rotated.pdf": "habibi",
    "py-pdf_sample-files/023-cmyk-image/cmyk-image.pdf": "",
    "qpdf_qpdf/qpdf/qtest/qpdf/to-rotate.pdf": "Original page 2",
}


def check_whole(path: Path, outcome: Conversion, page_count: int) -> None:
    assert outcome.failure is None, path
    assert outcome.opened is not None
    assert outcome.opened.page_count == page_count, path
    for page in outcome.pages:
        assert page.small.width_px <= page.medium.width_px <= page.large.width_px <= 1800
        if page.layers is not None:
            jsonschema.validate(json.loads(page.layers), SCHEMA)


@pytest.mark.parametrize(("name", "words"), VARIED.items(), ids=[Path(name).name for name in VARIED])
def test_a_varied_document_converts_with_its_text(corpus: Path, name: str, words: str) -> None:
    page_count = next(row.pages for row in read_manifest(corpus) if row.file == name)
    outcome = convert_file(corpus / name, done=range(LONG_AS_A_SAMPLE + 1, page_count + 1))
    check_whole(corpus / name, outcome, page_count)
    assert [page.number for page in outcome.pages] == list(range(1, min(page_count, LONG_AS_A_SAMPLE) + 1))
    assert not any(page.placeholder for page in outcome.pages)
    assert words in "\n".join(page.text for page in outcome.pages)


def test_a_manual_over_the_limit_is_counted_and_refused(corpus: Path) -> None:
    manual = corpus / "deb_octave-doc" / "octave.pdf"
    assert count_pages(manual, FileKind.PDF, deadline_s=10) == 1158
    outcome = convert_file(manual)
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.TOO_MANY_PAGES
    outcome = convert_file(manual, limits=ConversionLimits(max_pages=2000), done=range(4, 1159))
    check_whole(manual, outcome, 1158)


def test_documents_that_cannot_be_opened_fail_with_their_reason(corpus: Path) -> None:
    for expected in (LOCKED, REFUSED):
        rows = [row for row in read_manifest(corpus) if row.endings == {expected} and not row.is_made]
        for row in spread(rows, 8):
            if sniff((corpus / row.file).read_bytes()[:1024]) is None:
                continue
            outcome = convert_file(corpus / row.file)
            assert outcome.failure is not None, row.file
            assert ending(outcome.failure.reason, 0) == expected, row.file


@pytest.mark.faults
@pytest.mark.parametrize("part", range(PARTS))
def test_what_must_become_a_book_becomes_one(corpus: Path, part: int) -> None:
    rows = [row for row in read_manifest(corpus) if row.is_ordinary and not row.is_made]
    for row in rows[part::PARTS]:
        outcome = convert_file(corpus / row.file, limits=ConversionLimits(max_pages=2000))
        check_whole(corpus / row.file, outcome, row.pages)
