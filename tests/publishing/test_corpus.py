"""Real and hostile documents, published and converted as everybody's: each ends as its row says.

Nothing outlives its conversion: no engine, no job, no file that no record names.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bifolio.accounts.services import default_workspace
from bifolio.conversion.reasons import FailureReason, FileKind
from bifolio.conversion.sniff import sniff
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs.inline import run_due_jobs
from bifolio.infra.jobs.lanes import CONVERSION, OPENING
from bifolio.publishing.errors import TooManyPages, UnsupportedFile
from bifolio.publishing.models import Edition
from bifolio.publishing.services import FlipbookDetails, create_flipbook
from tests.conversion.manifest import (
    LOCKED,
    OVER_LIMIT,
    REFUSED,
    WHOLE,
    Row,
    ending,
    read_manifest,
    spread,
)
from tests.converting import OPERATOR
from tests.documents import incoming
from tests.live_database import Installation
from tests.publishing.invariants import assert_invariants

pytestmark = [pytest.mark.corpus, pytest.mark.parametrize("installation", ["sqlite"], indirect=True)]
MAX_PAGES = 1000
PARTS = 32
SLOW = {
    "shading_ps",
    "form_billion_laughs",
    "flate_x3_10GB",
    "img_jpeg_65500",
    "img_ccitt_65k",
    "img_jbig2_huge",
}


@pytest.fixture
def installation(installation: Installation) -> Iterator[Installation]:
    """Its files go with it: those of the whole corpus would fill a disk."""
    yield installation
    shutil.rmtree(installation.data / "files")


@pytest.fixture(scope="session")
def made(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the large hostile documents, which a program of the corpus makes."""
    folder = tmp_path_factory.mktemp("made") / "hostile"
    program = corpus / "hostile" / "make_hostile.py"
    subprocess.run([sys.executable, program, folder], check=True, capture_output=True, timeout=900)
    return folder.parent


def allowed(row: Row, head: bytes) -> frozenset[str]:
    """How a document may end here: what its row says of the PDF engine, after the product's own rules."""
    kind = sniff(head)
    if kind is None:
        return frozenset({REFUSED})
    if kind is not FileKind.PDF:
        # Under whatever name; unless it is damaged, as the row will say then.
        return row.endings | {WHOLE}
    return frozenset({OVER_LIMIT}) if row.pages > MAX_PAGES else row.endings


def publish_row(path: Path) -> Edition | str:
    """The edition that a document becomes, or how it is turned away at the door."""
    file = incoming(configuration().data / "files" / ".incoming", path.read_bytes(), path.name)
    try:
        flipbook = create_flipbook(
            actor=OPERATOR, workspace=default_workspace(), file=file, details=FlipbookDetails()
        )
    except (UnsupportedFile, TooManyPages) as refusal:
        # Whoever has received it does that.
        file.path.unlink()
        return REFUSED if isinstance(refusal, UnsupportedFile) else OVER_LIMIT
    return flipbook.shown_edition


def wrong_endings(folder: Path, rows: list[Row]) -> list[str]:
    """Publish all, convert all, and tell which did not end as they may."""
    published = [(row, publish_row(folder / row.file)) for row in rows]
    run_due_jobs([OPENING, CONVERSION])
    found = []
    for row, edition in published:
        seen = edition if isinstance(edition, str) else ended(edition)
        expected = allowed(row, (folder / row.file).read_bytes()[:1024])
        if seen not in expected:
            found.append(f"{row.file}: {seen}, not {sorted(expected)}")
        elif isinstance(edition, Edition) and seen == WHOLE and edition.kind == FileKind.PDF:
            edition.refresh_from_db()
            assert edition.page_count == row.pages, row.file
    return found


def ended(edition: Edition) -> str:
    edition.refresh_from_db()
    failure = FailureReason(edition.failure) if edition.failure else None
    return ending(failure, edition.pages.filter(is_placeholder=True).count())


@pytest.mark.usefixtures("installation")
def test_a_sample_ends_as_expected_and_leaves_nothing_behind(corpus: Path) -> None:
    rows = [row for row in read_manifest(corpus) if not row.is_made]
    short = [row for row in rows if row.is_ordinary and row.source != "hostile" and row.pages <= 12]
    hostile = [row for row in rows if row.source == "hostile" and Path(row.file).stem not in SLOW]
    odd = [row for row in rows if row.source != "hostile" and not row.is_ordinary and row.endings != {LOCKED}]
    locked = [row for row in rows if row.endings == {LOCKED}]
    sample = [*spread(short, 8), *spread(hostile, 8), *spread(odd, 4), *spread(locked, 2)]
    assert wrong_endings(corpus, sample) == []
    assert_invariants()


@pytest.mark.faults
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("installation")
def test_every_document_ends_as_expected_and_leaves_nothing_behind(corpus: Path, part: int) -> None:
    rows = [row for row in read_manifest(corpus) if not row.is_made]
    assert wrong_endings(corpus, rows[part::PARTS]) == []
    assert_invariants()


@pytest.mark.faults
@pytest.mark.usefixtures("installation")
def test_large_hostile_documents_end_as_expected_and_leave_nothing_behind(corpus: Path, made: Path) -> None:
    rows = [row for row in read_manifest(corpus) if row.is_made]
    assert len(rows) == 18
    assert wrong_endings(made, rows) == []
    assert_invariants()
