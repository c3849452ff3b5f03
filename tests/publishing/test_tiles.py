"""Which tiles an edition has, and for whom: the same readers as its page files."""

from dataclasses import replace
from typing import Any

import pytest

from bifolio.accounts.services import default_workspace
from bifolio.conversion.reasons import FileKind
from bifolio.infra.configuration import configuration
from bifolio.infra.tile_cache import Level
from bifolio.publishing import services
from bifolio.publishing.manifest import manifest_of
from bifolio.publishing.models import Edition, Flipbook, FlipbookStatus
from bifolio.publishing.purge_job import delete_folders
from bifolio.publishing.services import FlipbookDetails
from bifolio.publishing.tiles import TILE_PATH, sweep_tiles, tiled_page, tiles
from tests.converting import OPERATOR, convert, publish
from tests.documents import incoming, make_image, make_pdf
from tests.locked_documents import make_locked_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Flipbook:
    return convert(publish(make_pdf(pages=2)))


def set_status(book: Flipbook, status: FlipbookStatus) -> Edition:
    """Give the book a status and return its edition anew."""
    services.update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(status=status))
    return Edition.objects.get(pk=book.shown_edition.pk)


def manifest(book: Flipbook) -> dict[str, Any]:
    return manifest_of(book, start=0, error=None, links={})


def keep_tile(token: str) -> Level:
    level = Level(token, 1, 3600)
    with tiles().draft(level, 1) as draft:
        draft.add(0, b"a tile")
    return level


def test_a_page_of_a_pdf_has_two_levels_in_the_format_of_its_images(book: Flipbook) -> None:
    page = tiled_page(book.shown_edition.token, 1, is_guarded=False)
    assert page is not None
    assert [level.width for level in page.levels] == [3600, 7200]
    assert (page.kind, page.extension, page.password) == (FileKind.PDF, "png", "")
    assert manifest(book)["tiles"] == {"size": 1024, "path": TILE_PATH}
    assert manifest(book)["pages"][0]["tiles"] == {"type": "png", "levels": [[3600, 5100], [7200, 10200]]}


def test_a_page_that_is_not_there_or_a_placeholder_has_none(book: Flipbook) -> None:
    token = book.shown_edition.token
    assert tiled_page(token, 3, is_guarded=False) is None
    assert tiled_page("z" * 24, 1, is_guarded=False) is None
    book.shown_edition.pages.filter(number=1).update(is_placeholder=True)
    assert tiled_page(token, 1, is_guarded=False) is None
    assert "tiles" not in manifest(book)["pages"][0]
    assert "tiles" in manifest(book)["pages"][1]


@pytest.mark.parametrize(
    ("size", "levels"), [((640, 480), []), ((2600, 1300), [[2600, 1300]]), ((2000, 1500), [])]
)
def test_a_picture_has_its_own_pixels_and_no_more(size: tuple[int, int], levels: list[list[int]]) -> None:
    book = convert(publish(make_image(size=size)))
    page = tiled_page(book.shown_edition.token, 1, is_guarded=False)
    assert page is not None
    assert book.shown_edition.pages.get().large.endswith(f".{page.extension}")
    assert [list(level) for level in page.levels] == levels
    assert manifest(book)["pages"][0].get("tiles", {}).get("levels", []) == levels


def test_a_locked_document_brings_its_password_but_tells_it_to_nobody() -> None:
    arrived = incoming(configuration().data / "files" / ".incoming", make_locked_pdf("open sesame"))
    file = replace(arrived, password="open sesame")
    unconverted = services.create_flipbook(
        actor=OPERATOR, workspace=default_workspace(), file=file, details=FlipbookDetails()
    )
    assert tiled_page(unconverted.shown_edition.token, 1, is_guarded=False) is None
    book = convert(unconverted)
    page = tiled_page(book.shown_edition.token, 1, is_guarded=False)
    assert page is not None
    assert page.password == "open sesame"
    assert "sesame" not in repr(page)


def test_each_edition_is_reached_by_one_address_as_long_as_it_goes_by_it(book: Flipbook) -> None:
    def reached(token: str) -> list[bool]:
        return [bool(tiled_page(token, 1, is_guarded=guarded)) for guarded in (False, True)]

    public = book.shown_edition.token
    assert reached(public) == [True, False]
    draft = set_status(book, FlipbookStatus.EDITABLE).token
    assert (reached(public), reached(draft)) == ([False, False], [False, True])
    unlisted = set_status(book, FlipbookStatus.UNLISTED).token
    assert (reached(draft), reached(unlisted)) == ([False, False], [True, False])
    services.delete_flipbook(actor=OPERATOR, flipbook=book)
    assert reached(unlisted) == [False, False]


def test_taking_a_book_back_deletes_its_tiles(
    book: Flipbook, django_capture_on_commit_callbacks: Any
) -> None:
    old = keep_tile(book.shown_edition.token)
    with django_capture_on_commit_callbacks(execute=True):
        edition = set_status(book, FlipbookStatus.EDITABLE)
    assert tiles().read(old, 0, 1) is None
    current = keep_tile(edition.token)
    delete_folders.function(None, folders=[edition.folder])
    assert tiles().read(current, 0, 1) is None


def test_a_sweep_keeps_the_tiles_of_living_editions_only(book: Flipbook) -> None:
    living, gone = keep_tile(book.shown_edition.token), keep_tile("z" * 24)
    sweep_tiles()
    assert tiles().read(living, 0, 1) == b"a tile"
    assert tiles().read(gone, 0, 1) is None
    services.delete_flipbook(actor=OPERATOR, flipbook=book)
    sweep_tiles()
    assert tiles().read(living, 0, 1) is None


def test_switched_off_it_is_not_spoken_of_and_takes_no_space(book: Flipbook, settings: Any) -> None:
    level = keep_tile(book.shown_edition.token)
    settings.BIFOLIO = replace(settings.BIFOLIO, tile_cache_mb=0)
    assert "tiles" not in manifest(book)
    assert "tiles" not in manifest(book)["pages"][0]
    sweep_tiles()
    assert tiles().read(level, 0, 1) is None
