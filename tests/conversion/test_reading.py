"""Our text compared with pdftotext's: the same words, and in prose in the same order.

Order is the longest run of words, unique on both sides, that both have in the same sequence. In tables,
forms and diagrams the two differ with equal right, so that only documents of prose have a bound each.
"""

import bisect
import json
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

import pytest

from bifolio.conversion.text import plain_text
from tests.conversion.conftest import convert_file
from tests.conversion.manifest import read_manifest

pytestmark = pytest.mark.corpus

PROSE = {
    "apache_pdfbox/pdfbox/src/test/resources/input/cweb.pdf": range(1, 5),
    "apache_pdfbox/pdfbox/src/test/resources/input/merge/PDFBOX-5762-722238.pdf": range(1, 5),
    "deb_context/metafun-p.pdf": range(60, 64),
    "deb_debian-history/project-history.ko.pdf": range(5, 9),
    "deb_debian-history/project-history.ru.pdf": range(5, 9),
    "deb_fonts-hosny-amiri/Documentation-Arabic.pdf": range(2, 6),
    "deb_installation-guide-amd64/install.ja.pdf": range(40, 44),
    "deb_lilypond-doc-pdf/learning.pdf": range(60, 64),
    "deb_texlive-lang-arabic/bidi.pdf": range(680, 684),
    "openpreserve_format-corpus/govdocs1-error-pdfs/error_set_1/125619.pdf": range(2, 6),
    "openpreserve_format-corpus/govdocs1-error-pdfs/error_set_1/436857.pdf": range(1, 3),
    "py-pdf_sample-files/026-latex-multicolumn/multicolumn.pdf": range(1, 3),
}
LEAST_CONTENT, LEAST_ORDER = 0.9, 0.93
FEWEST_WORDS = 20


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def poppler_words(path: Path, page: int) -> list[str]:
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-enc", "UTF-8", str(path), "-"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return words_of(plain_text(done.stdout.decode("utf-8", "replace").replace("\f", "").splitlines()))


def content(ours: list[str], theirs: list[str]) -> float:
    """The share of words that both have."""
    both = Counter(ours) & Counter(theirs)
    return 2 * both.total() / max(1, len(ours) + len(theirs))


def order(ours: list[str], theirs: list[str]) -> tuple[float, int]:
    """The share of words in the same sequence, and how many words it is judged by."""
    counts, their_counts = Counter(ours), Counter(theirs)
    places = {word: place for place, word in enumerate(ours) if counts[word] == their_counts[word] == 1}
    sequence = [places[word] for word in theirs if word in places]
    return (_longest_ascent(sequence) / len(sequence) if sequence else 1.0), len(sequence)


def _longest_ascent(sequence: Iterable[int]) -> int:
    ends: list[int] = []
    for place in sequence:
        at = bisect.bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


@pytest.fixture(autouse=True)
def poppler() -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")


@pytest.mark.parametrize("name", PROSE, ids=[Path(name).name for name in PROSE])
def test_prose_is_read_as_pdftotext_reads_it(corpus: Path, name: str) -> None:
    pages = PROSE[name]
    page_count = next(row.pages for row in read_manifest(corpus) if row.file == name)
    others = [number for number in range(1, page_count + 1) if number not in pages]
    converted = convert_file(corpus / name, done=others).pages
    compared = [(words_of(page.text), poppler_words(corpus / name, page.number)) for page in converted]
    assert len(compared) == len(pages)
    assert mean(content(ours, theirs) for ours, theirs in compared) >= LEAST_CONTENT
    assert mean(order(ours, theirs)[0] for ours, theirs in compared) >= LEAST_ORDER


def test_writing_downwards_is_told_by_its_angle(corpus: Path) -> None:
    (page,) = convert_file(corpus / "chromium_pdfium/testing/resources/vertical_text.pdf").pages
    assert page.layers is not None
    ((text, _, _, width, height, angle),) = json.loads(page.layers)["lines"]
    assert (text, angle) == ("Hello World!", 90)
    assert height > 5 * width


@pytest.mark.faults
def test_the_words_of_the_whole_corpus_are_those_of_pdftotext(corpus: Path) -> None:
    contents: list[float] = []
    orders: list[float] = []
    for row in read_manifest(corpus):
        path = corpus / row.file
        if not row.is_ordinary or row.source == "hostile" or path.suffix != ".pdf":
            continue
        page_count = row.pages
        chosen = {1, 2, page_count // 3, page_count // 2, page_count - 2}
        others = [number for number in range(1, page_count + 1) if number not in chosen]
        for page in convert_file(path, done=others).pages:
            ours, theirs = words_of(page.text), poppler_words(path, page.number)
            shared, judged_by = order(ours, theirs)
            if judged_by >= FEWEST_WORDS:
                contents.append(content(ours, theirs))
                orders.append(shared)
    assert len(orders) > 300
    assert mean(contents) >= 0.98
    assert mean(orders) >= 0.91
    assert sum(share >= 0.9 for share in orders) >= 0.7 * len(orders)
