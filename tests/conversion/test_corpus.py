"""Real documents: many scripts, rotations, sizes and makers. ``faults`` runs them all."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest

from bifolio.conversion.events import ConversionLimits
from bifolio.conversion.reasons import FailureReason, FileKind
from bifolio.conversion.run import count_pages
from bifolio.conversion.sniff import sniff
from tests.conversion.conftest import Conversion, convert_file

pytestmark = pytest.mark.corpus

SCHEMA = json.loads((Path(__file__).parents[2] / "contracts" / "layers.schema.json").read_text())
LONG_AS_A_SAMPLE = 12
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


def rows(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


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
    page_count = next(int(row["pages"]) for row in rows(corpus) if row["file"] == name)
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
    reasons = {"password": {FailureReason.PASSWORD}, "reject": set(FailureReason) - {FailureReason.PASSWORD}}
    for expected, allowed in reasons.items():
        names = [row["file"] for row in rows(corpus) if row["expected"].partition("(")[0] == expected]
        for name in names[:: max(1, len(names) // 8)]:
            outcome = convert_file(corpus / name)
            assert outcome.failure is not None, name
            assert outcome.failure.reason in allowed, name


@pytest.mark.faults
def test_every_document_ends_as_expected(corpus: Path) -> None:
    for row in rows(corpus):
        path = corpus / row["file"]
        if not path.is_file() or sniff(path.read_bytes()[:1024]) is None:
            continue
        outcome = convert_file(path, limits=ConversionLimits(max_pages=2000))
        if row["expected"] == "ok":
            check_whole(path, outcome, int(row["pages"]))
        elif row["expected"] == "password":
            assert outcome.failure is not None
            assert outcome.failure.reason is FailureReason.PASSWORD
