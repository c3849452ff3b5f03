"""Pages that are two facing pages drawn as one, and a book that its owner alone can look into."""

import io

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from tests.browser.demo_book import SPREAD_INK, BookServer, DemoBook
from tests.browser.reader import needs_player, rests_at, swipe, until

pytestmark = [pytest.mark.browser, needs_player]

PAGES = 7
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True}
SHOWN = ".page:not([hidden])"


@pytest.fixture
def book() -> DemoBook:
    return DemoBook(PAGES, spreads=(3,))


def halves(page: Page) -> list[str | None]:
    """Which half of its page each place on the screen shows."""
    return [each.get_attribute("data-half") for each in page.locator(SHOWN).all()]


def colour_at(page: Page, x: float, y: float) -> tuple[int, ...]:
    image = Image.open(io.BytesIO(page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1})))
    pixel = image.convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel


def forward(page: Page) -> None:
    page.keyboard.press("ArrowRight")


def test_a_spread_fills_both_sides_and_what_follows_finds_its_place(reader: Page) -> None:
    forward(reader)
    rests_at(reader, 2, total=PAGES)
    forward(reader)
    rests_at(reader, 3, 3, total=PAGES)
    assert halves(reader) == ["left", "right"]
    left, right = (each.bounding_box() for each in reader.locator(SHOWN).all())
    assert left is not None
    assert right is not None
    assert right["x"] == pytest.approx(left["x"] + left["width"], abs=1)
    assert left["height"] / left["width"] == pytest.approx(560 / 420, rel=0.01)
    ink = ImageColor.getrgb(SPREAD_INK)
    until(reader, lambda: colour_at(reader, right["x"] + right["width"] / 2, right["y"] + 200) == ink)
    assert colour_at(reader, left["x"] + left["width"] / 2, left["y"] + 200) != ink
    forward(reader)
    rests_at(reader, 4, 5, total=PAGES)
    reader.keyboard.press("ArrowLeft")
    rests_at(reader, 3, 3, total=PAGES)
    expect(reader).to_have_url(reader.url.partition("#")[0] + "#p=3")


def test_its_links_lie_where_the_whole_page_has_them(reader: Page) -> None:
    reader.goto(reader.url + "?p=3")
    rests_at(reader, 3, 3, total=PAGES)
    link = reader.locator(f"{SHOWN} a[href='https://gardens.example/']")
    expect(link).to_have_count(1)
    place, page = link.bounding_box(), reader.locator(SHOWN).first.bounding_box()
    assert place is not None
    assert page is not None
    assert (place["x"] - page["x"]) / page["width"] == pytest.approx(48 / 420, abs=0.01)
    assert place["width"] / page["width"] == pytest.approx(200 / 420, abs=0.01)


def test_readings_name_the_page_once(reader: Page, book: DemoBook) -> None:
    reader.goto(reader.url + "?p=3")
    rests_at(reader, 3, 3, total=PAGES)
    forward(reader)
    rests_at(reader, 4, 5, total=PAGES)
    until(reader, lambda: any(reading.get("pages") for reading in book.readings))
    pages = [list(reading["pages"]) for reading in book.readings if reading.get("pages")]
    assert all(len(set(map(str, each))) == len(each) for each in pages)


def swipe_on(page: Page) -> None:
    swipe(page, (350, 400), (60, 400))


class TestPhone:
    @pytest.fixture
    def context_options(self) -> dict[str, object]:
        return PHONE

    def test_it_is_seen_whole(self, reader: Page) -> None:
        for number in (2, 3, 4):
            swipe_on(reader)
            rests_at(reader, number, total=PAGES)
            assert halves(reader) == [None]


class TestSplitOnPhone:
    @pytest.fixture
    def context_options(self) -> dict[str, object]:
        return PHONE

    @pytest.fixture
    def book(self) -> DemoBook:
        return DemoBook(PAGES, spreads=(3,), settings={"doublePages": "split"})

    def test_its_halves_are_seen_one_after_the_other(self, reader: Page) -> None:
        seen = []
        for number, half in ((2, ""), (3, "left"), (3, "right"), (4, "")):
            swipe_on(reader)
            reader.wait_for_selector(f"{SHOWN}[data-half='{half}']" if half else f"{SHOWN}:not([data-half])")
            rests_at(reader, number, total=PAGES)
            seen += halves(reader)
        assert seen == [None, "left", "right", None]


class TestWithoutCover:
    @pytest.fixture
    def book(self) -> DemoBook:
        return DemoBook(PAGES, settings={"coverAlone": False})

    def test_the_first_two_pages_lie_side_by_side(self, page: Page, server: BookServer) -> None:
        page.goto(server.url)
        rests_at(page, 1, 2, total=PAGES)
        forward(page)
        rests_at(page, 3, 4, total=PAGES)


class TestFailedBookOfItsOwner:
    @pytest.fixture
    def book(self) -> DemoBook:
        why = "The PDF takes too long to convert."
        return DemoBook(PAGES, ready=3, state="failed", reached=3, error=why)

    def test_the_reached_pages_are_shown_with_a_notice(self, reader: Page) -> None:
        expect(reader.locator(".toast")).to_contain_text("Only 3 of 7 pages")
        expect(reader.locator(".toast")).to_contain_text("takes too long")
        forward(reader)
        rests_at(reader, 2, 3, total=PAGES)
        forward(reader)
        rests_at(reader, 4, 5, total=PAGES)
        expect(reader.locator(f"{SHOWN} .notice.unreached").first).to_contain_text("not prepared")


def test_a_book_that_fails_while_it_is_read_is_loaded_anew(
    page: Page, server: BookServer, book: DemoBook
) -> None:
    book.ready = 3
    page.goto(server.url)
    rests_at(page, 1, total=PAGES)
    before = len([each for each in book.requests if each == "/"])
    book.state, book.error = "failed", "It could not be prepared."
    page.wait_for_selector(".waiting.failed")
    until(page, lambda: len([each for each in book.requests if each == "/"]) == before + 1)
