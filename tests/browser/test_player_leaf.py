"""How the leaf looks in the air: whole, no larger than paper, shadows on paper only, no jump at its ends."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, Route

from tests.browser.demo_book import BookServer, DemoBook
from tests.browser.reader import box_of, needs_player, rests_at

pytestmark = [pytest.mark.browser, needs_player]

PAGES = 12
DARK, RED, WHITE = (15, 36, 58), (194, 69, 47), (255, 255, 255)
Colour = tuple[int, int, int]

# Each way to turn: page to start at, side of the leaf, pages where it lands.
WAYS = [
    pytest.param(2, "right", (4, 5), id="forth"),
    pytest.param(4, "left", (2, 3), id="back"),
    pytest.param(1, "right", (2, 3), id="open"),
    pytest.param(2, "left", (1,), id="close"),
    pytest.param(10, "right", (12,), id="close-at-the-end"),
    pytest.param(12, "left", (10, 11), id="open-from-the-end"),
]


@pytest.fixture
def book() -> DemoBook:
    return DemoBook(PAGES)


def plain(colour: Colour) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (900, 1200), colour).save(file, "png")
    return file.getvalue()


def open_at(page: Page, server: BookServer, number: int) -> None:
    page.goto(f"{server.url}?p={number}")
    page.wait_for_selector(".book .page:not([hidden])")
    page.wait_for_load_state("networkidle")


def look(page: Page) -> Image.Image:
    """The stage above the bar."""
    size = page.viewport_size
    assert size is not None
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"] - 60}
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")  # type: ignore[arg-type]


def unlike(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ by more than an eye would see."""
    return sum(ImageChops.difference(one, other).convert("L").histogram()[12:])


class Finger:
    """The mouse on the outer edge of the page on one side."""

    def __init__(self, page: Page, side: str) -> None:
        self.page = page
        box = page.locator(f".page[data-side={side}]:not([hidden])").bounding_box()
        assert box is not None
        self.way = -1 if side == "right" else 1
        self.edge = box["x"] + (box["width"] - 3 if side == "right" else 3)
        self.width, self.y = box["width"], box["y"] + box["height"] * 0.4

    def drag(self, part: float) -> None:
        """Pull the edge over this part of the open book, and wait until it is drawn there."""
        self.page.mouse.move(self.edge + self.way * part * 2 * self.width, self.y, steps=3)
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def lift(self) -> None:
        self.page.mouse.move(self.edge, self.y)
        self.page.mouse.down()
        self.drag(0.02)
        self.page.wait_for_selector(".leaf", state="attached")


def odd_columns(image: Image.Image, y: int) -> Iterator[tuple[int, Colour]]:
    """Columns inside the coloured leaf, off its silhouette, that stand out from those on both sides."""
    row: list[Colour] = [image.getpixel((x, y)) for x in range(image.width)]  # type: ignore[misc]
    for x in range(6, len(row) - 6):
        before, here, after = row[x - 2], row[x], row[x + 2]
        on_leaf = all(max(colour) - min(colour) > 25 for colour in row[x - 6 : x + 7])
        on_one_side = apart(row[x - 6], row[x + 6]) < 60
        if on_leaf and on_one_side and min(apart(here, before), apart(here, after)) > 6:
            yield x, here


def apart(one: Colour, other: Colour) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("part", [0.1, 0.25, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("width", [1280, 1003])
def test_no_seam_shows_between_the_strips(page: Page, server: BookServer, part: float, width: int) -> None:
    def answer(route: Route) -> None:
        number = int(route.request.url.rsplit("/", 1)[1].split("-")[0])
        route.fulfill(body=plain({3: DARK, 4: RED}.get(number, WHITE)), content_type="image/png")

    page.set_viewport_size({"width": width, "height": 800})
    page.route("**/files/*.png", answer)
    open_at(page, server, 2)
    finger = Finger(page, "right")
    finger.lift()
    finger.drag(part)
    image = look(page)
    assert any(image.getpixel((x, 400))[0] < 200 for x in range(image.width))  # type: ignore[index]
    for y in (200, 400, 600):
        assert list(odd_columns(image, y)) == []


@pytest.mark.parametrize("part", [0.1, 0.25, 0.5, 0.75])
def test_a_rising_leaf_grows_a_little_and_stays_below_the_title(reader: Page, part: float) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES)
    height = box_of(reader, 3)["height"]
    finger = Finger(reader, "right")
    finger.lift()
    finger.drag(part)
    faces = reader.evaluate(
        "[...document.querySelectorAll('.face')].map(face => face.getBoundingClientRect())"
    )
    top, bottom = min(face["top"] for face in faces), max(face["bottom"] for face in faces)
    assert height < bottom - top <= 1.07 * height
    assert top >= 28


@pytest.mark.parametrize(("start", "side", "goal"), WAYS)
def test_shadows_fall_on_pages_only_and_are_gone_at_both_ends(
    page: Page, server: BookServer, start: int, side: str, goal: tuple[int, ...]
) -> None:
    open_at(page, server, start)
    finger = Finger(page, side)
    finger.lift()
    darkness = []
    for part in (-0.03, 0.5, 1.1):
        finger.drag(part)
        darkness.append(
            page.evaluate(
                """() => { const boxes = [...document.querySelectorAll('.page:not([hidden])')].map(each =>
                JSON.stringify(each.getBoundingClientRect()));
                const casts = [...document.querySelectorAll('.cast')];
                if (casts.some(cast => getComputedStyle(cast).overflow !== 'hidden' ||
                  !boxes.includes(JSON.stringify(cast.getBoundingClientRect())))) return null;
                return Math.max(...casts.map(cast => Number(cast.firstChild.style.opacity))); }"""
            )
        )
    assert darkness[0] < 0.1
    assert darkness[1] > 0.5
    assert darkness[2] < 0.1


class TestEnds:
    @pytest.fixture(params=["ltr", "rtl"])
    def book(self, request: pytest.FixtureRequest) -> DemoBook:
        return DemoBook(PAGES, direction=request.param)

    @pytest.mark.parametrize(("start", "side", "goal"), WAYS)
    def test_a_turn_begins_and_ends_without_a_jump(
        self, page: Page, server: BookServer, start: int, side: str, goal: tuple[int, ...]
    ) -> None:
        if server.book.direction == "rtl":
            side = "left" if side == "right" else "right"
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { const still = new CSSStyleSheet();"
            "still.replaceSync('.peel, .arrow { display: none }'); document.adoptedStyleSheets = [still]; });"
        )
        open_at(page, server, start)
        rest = look(page)
        finger = Finger(page, side)
        finger.lift()
        finger.drag(-0.03)
        assert unlike(rest, look(page)) < 1000
        finger.drag(1.2)
        last = look(page)
        page.mouse.up()
        rests_at(page, *goal, total=PAGES)
        assert unlike(last, look(page)) < 1000


class TestOnAPhone:
    @pytest.fixture
    def context_options(self) -> dict[str, object]:
        return {"viewport": {"width": 600, "height": 640}}

    def test_a_leaf_that_has_nowhere_to_lie_fades(self, page: Page, server: BookServer) -> None:
        open_at(page, server, 3)
        finger = Finger(page, "right")
        finger.lift()
        leaf = page.locator(".leaf")
        assert float(leaf.evaluate("leaf => leaf.style.opacity")) == 1
        finger.drag(0.9)
        assert float(leaf.evaluate("leaf => leaf.style.opacity")) < 0.8
