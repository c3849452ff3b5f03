"""What the player looks like where nothing turns: without script, and the arrows beside the book."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_book import BookServer, DemoBook
from tests.browser.reader import needs_player, rests_at

pytestmark = [pytest.mark.browser, needs_player]

SIZES = [(320, 480), (390, 844), (768, 1024), (1440, 900), (650, 385)]
SCHEMES = ["light", "dark"]
WHOLE = """image => { const { naturalWidth, naturalHeight } = image;
  const { x, width, height } = image.getBoundingClientRect();
  return x >= 0 && x + width <= innerWidth && width > innerWidth * 0.2
    && Math.abs(width / height - naturalWidth / naturalHeight) < 0.01; }"""
CONTRAST_OF = """element => { const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const style = getComputedStyle(element);
  const ground = style.backgroundColor.endsWith(' 0)') ? getComputedStyle(document.body).backgroundColor
    : style.backgroundColor;
  return [rgb(style.color), rgb(ground)]; }"""
Colour = tuple[int, ...]


@pytest.fixture
def book() -> DemoBook:
    return DemoBook(12)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    width, height = request.param
    return {"width": width, "height": height}


@pytest.fixture(params=SCHEMES)
def plain(
    request: pytest.FixtureRequest, browser: Browser, size: dict[str, int], server: BookServer
) -> Iterator[Page]:
    """The book, as a browser without script shows it."""
    context = browser.new_context(viewport=size, color_scheme=request.param, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url)
    yield page
    context.close()


def test_without_script_cover_title_and_link_are_whole_and_readable(plain: Page) -> None:
    cover, link = plain.locator("img.first-page"), plain.get_by_role("link", name="Read the whole text")
    assert cover.evaluate(WHOLE)
    expect(plain.get_by_role("heading", name="A Year of Small Gardens")).to_be_visible()
    assert contrast(*link.evaluate(CONTRAST_OF)) >= 4.5
    assert contrast(*plain.locator("h1").evaluate(CONTRAST_OF)) >= 4.5
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert plain.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_with_script_nobody_asks_for_the_style_sheet_of_those_without(page: Page, server: BookServer) -> None:
    page.goto(server.url)
    rests_at(page, 1, total=12)
    assert not any("without-script" in path for path in server.book.requests)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_arrows_stand_out_from_the_ground(browser: Browser, server: BookServer, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.url)
    rests_at(page, 1, total=12)
    picture = Image.open(io.BytesIO(page.locator(".arrow.right").screenshot())).convert("RGB")
    context.close()
    colours = [colour for _, colour in picture.getcolors(picture.width * picture.height) or []]
    ground = picture.getpixel((2, 2))
    assert max(contrast(colour, ground) for colour in colours) >= 3  # type: ignore[arg-type]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, as WCAG 2 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
