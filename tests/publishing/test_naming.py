"""What a flipbook is called while one edition or another is shown."""

from pathlib import Path

import pytest

from bifolio.conversion.events import FailureReason
from bifolio.publishing.history import roll_back
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.publishing.naming import title_of_file
from bifolio.publishing.outcomes import fail_edition
from bifolio.publishing.queries import find_flipbook
from bifolio.publishing.services import FlipbookDetails, update_flipbook
from tests.conversion.pdfs import PdfFile, PdfPage, line_of
from tests.converting import OPERATOR, convert, convert_whole, publish
from tests.documents import incoming

pytestmark = pytest.mark.django_db


def document(*words: str, title: str = "") -> bytes:
    return PdfFile(
        [PdfPage(line_of(page)) for page in words], info=f"/Title ({title})" if title else ""
    ).build()


def replaced(book: Flipbook, arrivals: Path, content: bytes) -> Flipbook:
    file = incoming(arrivals, content, "autumn_catalogue.pdf")
    book = update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(), file=file)
    assert book.next_edition is not None
    convert_whole(book.next_edition.pk)
    return again(book)


def again(book: Flipbook) -> Flipbook:
    return find_flipbook(actor=OPERATOR, flipbook_hash=book.hash)


def test_a_replacement_and_a_rollback_bring_their_own_names(arrivals: Path) -> None:
    book = convert(publish(document("Old words", title="Old title")))
    assert (book.title, book.description) == ("Old title", "Old words")
    book = replaced(book, arrivals, document("", "New words", "More words"))
    assert (book.title, book.description) == ("Old title", "New words")
    roll_back(actor=OPERATOR, flipbook=book)
    assert (again(book).title, again(book).description) == ("Old title", "Old words")


def test_a_replacement_that_fails_takes_its_names_along(arrivals: Path) -> None:
    book = convert(publish(document("Old words", title="Old title")))
    new = replaced(book, arrivals, document("New words", title="New title")).shown_edition
    Edition.objects.filter(pk=new.pk).update(state=EditionState.PROCESSING)
    Flipbook.objects.filter(pk=book.pk).update(fallback_edition=book.shown_edition)
    fail_edition(new.pk, FailureReason.OUT_OF_TIME)
    assert (again(book).title, again(book).description) == ("Old title", "Old words")


def test_names_that_were_given_stay(arrivals: Path) -> None:
    book = convert(publish(document("Old words"), FlipbookDetails(title="Mine", description="Said")))
    book = replaced(book, arrivals, document("New words", title="New title"))
    roll_back(actor=OPERATOR, flipbook=book)
    assert (again(book).title, again(book).description) == ("Mine", "Said")


def test_a_title_stays_where_that_of_the_edition_was_never_noted(arrivals: Path) -> None:
    book = convert(publish(document("Old words", title="Old title")))
    Edition.objects.update(title="")
    book = replaced(book, arrivals, document("New words", title="New title"))
    roll_back(actor=OPERATOR, flipbook=book)
    assert (again(book).title, again(book).description) == ("New title", "Old words")


def test_a_file_name_becomes_a_title() -> None:
    assert title_of_file("spring__catalogue 2026.pdf") == "spring catalogue 2026"
    assert title_of_file(" .pdf") == "Untitled"
