from pathlib import Path

import pytest

from bifolio.conversion.events import (
    ConversionLimits,
    DocumentFailed,
    DocumentRefused,
    FailureReason,
    FileKind,
    PageConverted,
)
from bifolio.conversion.run import convert, count_pages
from tests.documents import make_pdf
from tests.locked_documents import make_locked_pdf

PASSWORD = "señal & key"


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked.pdf"
    path.write_bytes(make_locked_pdf(PASSWORD))
    return path


def test_its_password_opens_a_locked_document(locked: Path) -> None:
    assert count_pages(locked, FileKind.PDF, deadline_s=10, password=PASSWORD) == 2
    events = convert(locked, FileKind.PDF, limits=ConversionLimits(), password=PASSWORD)
    pages = [event for event in events if isinstance(event, PageConverted)]
    assert [page.text.strip() for page in pages] == ["Locked page 1", "Locked page 2"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [("", FailureReason.PASSWORD), ("another", FailureReason.WRONG_PASSWORD)],
)
def test_without_it_or_with_another_it_says_which(locked: Path, password: str, reason: FailureReason) -> None:
    """P14: locked documents."""
    with pytest.raises(DocumentRefused) as refused:
        count_pages(locked, FileKind.PDF, deadline_s=10, password=password)
    assert refused.value.reason is reason
    with pytest.raises(DocumentFailed) as failed:
        list(convert(locked, FileKind.PDF, limits=ConversionLimits(), password=password))
    assert failed.value.reason is reason


def test_a_password_does_no_harm_to_a_document_without_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "open.pdf"
    path.write_bytes(make_pdf(pages=1))
    assert count_pages(path, FileKind.PDF, deadline_s=10, password=PASSWORD) == 1
