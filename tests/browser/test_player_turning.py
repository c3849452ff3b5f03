"""Turning pages, as a reader does it in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_book import BookServer, DemoBook
from tests.browser.reader import box_of, drag, needs_player, rests_at, swipe

pytestmark = [pytest.mark.browser, needs_player]

PAGES = 12


@pytest.fixture
def book() -> DemoBook:
    return DemoBook(PAGES)


@pytest.mark.parametrize("start", [1, 6, 7, 12])
def test_the_first_page_stays_where_it_was_before_the_script(
    browser: Browser, page: Page, server: BookServer, start: int
) -> None:
    plain = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    plain.route("**/*.js", lambda route: route.abort())
    plain.goto(f"{server.url}?p={start}")
    before = plain.evaluate(
        """() => { const image = document.querySelector('.first-page');
        const box = image.getBoundingClientRect();
        const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
        const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
        const part = parseFloat(getComputedStyle(image).objectPosition) / 100;
        const [x, y] = [box.x + (box.width - width) * part, box.y + (box.height - height) / 2];
        return {x, y, width, height}; }"""
    )
    plain.context.close()
    page.goto(f"{server.url}?p={start}")
    page.wait_for_selector(".book .page:not([hidden])")
    assert box_of(page, start) == pytest.approx(before, abs=1)


def test_the_first_image_is_loaded_once_and_taken_over(reader: Page, server: BookServer) -> None:
    assert reader.locator(".page img[fetchpriority=high]").count() == 1
    assert server.book.requests.count("/files/1-medium.png") == 1


def test_keys_turn_forth_and_back_and_to_the_ends(reader: Page) -> None:
    for key, pages in [
        ("ArrowRight", (2, 3)), ("PageDown", (4, 5)), ("Space", (6, 7)), ("Shift+Space", (4, 5)),
        ("ArrowLeft", (2, 3)), ("End", (12,)), ("PageUp", (10, 11)), ("Home", (1,)), ("ArrowLeft", (1,)),
    ]:  # fmt: skip
        reader.keyboard.press(key)
        rests_at(reader, *pages, total=PAGES)


def test_rapid_presses_land_on_the_page_that_they_add_up_to(reader: Page) -> None:
    for _ in range(4):
        reader.keyboard.press("ArrowRight")
    reader.keyboard.press("ArrowLeft")
    rests_at(reader, 6, 7, total=PAGES)
    expect(reader.get_by_role("textbox", name="Go to page")).to_have_value("6–7")


def test_arrows_and_edges_turn_by_click(reader: Page) -> None:
    reader.locator(".arrow.right").click()
    rests_at(reader, 2, 3, total=PAGES)
    right = box_of(reader, 3)
    reader.mouse.click(right["x"] + right["width"] - 20, right["y"] + 300)
    rests_at(reader, 4, 5, total=PAGES)
    left = box_of(reader, 4)
    reader.mouse.click(left["x"] + 20, left["y"] + 300)
    rests_at(reader, 2, 3, total=PAGES)


def test_a_drag_bends_the_leaf_under_the_mouse_and_turns_it_past_the_middle(reader: Page) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES)
    right = box_of(reader, 3)
    edge = (right["x"] + right["width"] - 6, right["y"] + 300)
    target = right["x"] - 150
    drag(reader, edge, (target, right["y"] + 300), release=False)
    reader.wait_for_function(
        """x => { const faces = [...document.querySelectorAll('.face')];
        const lefts = faces.map(face => face.getBoundingClientRect().left);
        return lefts.length > 0 && Math.abs(Math.min(...lefts) - x) < 12; }""",
        arg=target,
    )
    reader.mouse.up()
    rests_at(reader, 4, 5, total=PAGES)


def test_a_drag_that_is_let_go_early_falls_back(reader: Page) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES)
    right = box_of(reader, 3)
    y = right["y"] + 300
    drag(reader, (right["x"] + right["width"] - 6, y), (right["x"] + right["width"] - 150, y))
    rests_at(reader, 2, 3, total=PAGES)
    assert reader.url.endswith("#p=2")


def test_a_flick_turns_before_the_middle(reader: Page) -> None:
    cover = box_of(reader, 1)
    reader.evaluate(
        """([x, y]) => { const stage = document.querySelector('.stage');
        const send = (kind, clientX) => stage.dispatchEvent(new PointerEvent(kind,
          {pointerId: 1, pointerType: 'mouse', button: 0, clientX, clientY: y, bubbles: true}));
        const start = performance.now(); send('pointerdown', x);
        for (let step = 1; step <= 6; step += 1) {
          while (performance.now() < start + step * 8);
          send('pointermove', x - 20 * step);
        }
        send('pointerup', x - 120); }""",
        [cover["x"] + cover["width"] - 6, cover["y"] + 300],
    )
    rests_at(reader, 2, 3, total=PAGES)


def test_at_rest_everything_is_flat_and_nothing_is_scheduled(page: Page, server: BookServer) -> None:
    page.add_init_script(
        "window.framesAsked = 0; const ask = requestAnimationFrame.bind(window);"
        "window.requestAnimationFrame = callback => { window.framesAsked += 1; return ask(callback); };"
    )
    page.goto(server.url)
    rests_at(page, 1, total=PAGES)
    page.keyboard.press("ArrowRight")
    rests_at(page, 2, 3, total=PAGES)
    page.wait_for_selector(".page:not([hidden]) .line")
    asked = page.evaluate("framesAsked")
    page.wait_for_timeout(500)
    assert page.evaluate("framesAsked") == asked > 0
    assert page.evaluate(
        """() => [...document.querySelectorAll('.book, .book *')].map(each => getComputedStyle(each)).every(
          ({perspective, willChange, transformStyle}) =>
            perspective === 'none' && willChange === 'auto' && transformStyle === 'flat')"""
    )


def test_few_pages_and_nodes_are_kept_however_much_is_turned(reader: Page) -> None:
    for _ in range(30):
        reader.keyboard.press("ArrowRight")
        reader.keyboard.press("ArrowLeft")
        reader.keyboard.press("ArrowRight")
    rests_at(reader, 12, total=PAGES)
    assert reader.locator(".page").count() <= 8
    assert reader.locator("img").count() <= 40


def test_a_thousand_pages_open_with_few_requests(page: Page, server: BookServer) -> None:
    server.book.pages = 1000
    page.goto(f"{server.url}?p=500")
    rests_at(page, 500, 501, total=1000)
    page.wait_for_load_state("networkidle")
    assert sum(name.endswith(".png") for name in server.book.requests) <= 8
    page.get_by_role("textbox", name="Go to page").fill("903")
    page.keyboard.press("Enter")
    rests_at(page, 902, 903, total=1000)
    expect(page.locator(".page:not([hidden]) .paper img")).to_have_count(2)


class TestRightToLeft:
    @pytest.fixture
    def book(self) -> DemoBook:
        return DemoBook(PAGES, direction="rtl")

    def test_the_left_arrow_goes_on_and_the_left_edge_too(self, reader: Page) -> None:
        reader.keyboard.press("ArrowLeft")
        rests_at(reader, 2, 3, total=PAGES)
        assert box_of(reader, 2)["x"] > box_of(reader, 3)["x"]
        left = box_of(reader, 3)
        drag(reader, (left["x"] + 6, left["y"] + 300), (left["x"] + 1.8 * left["width"], left["y"] + 300))
        rests_at(reader, 4, 5, total=PAGES)
        reader.keyboard.press("ArrowRight")
        rests_at(reader, 2, 3, total=PAGES)


class TestOnAPhone:
    @pytest.fixture
    def context_options(self) -> dict[str, object]:
        return {
            "viewport": {"width": 390, "height": 844},
            "device_scale_factor": 3,
            "has_touch": True,
            "is_mobile": True,
        }

    def test_a_swipe_turns_one_page_and_back(self, reader: Page) -> None:
        swipe(reader, (330, 400), (80, 410))
        rests_at(reader, 2, total=PAGES)
        swipe(reader, (300, 400), (60, 390))
        rests_at(reader, 3, total=PAGES)
        swipe(reader, (60, 400), (330, 400))
        rests_at(reader, 2, total=PAGES)

    def test_turning_the_phone_keeps_the_page(self, reader: Page) -> None:
        reader.keyboard.press("ArrowRight")
        reader.keyboard.press("ArrowRight")
        rests_at(reader, 3, total=PAGES)
        reader.set_viewport_size({"width": 844, "height": 390})
        rests_at(reader, 2, 3, total=PAGES)
        reader.set_viewport_size({"width": 390, "height": 844})
        rests_at(reader, 3, total=PAGES)

    def test_targets_are_large_enough_for_a_finger(self, reader: Page) -> None:
        sizes = reader.evaluate(
            "[...document.querySelectorAll('.bar button, .bar a')].map(each => each.getBoundingClientRect())"
            ".map(box => Math.min(box.width, box.height))"
        )
        assert min(sizes) >= 40


class TestWithoutMotion:
    @pytest.fixture
    def context_options(self) -> dict[str, object]:
        return {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}

    def test_no_leaf_turns(self, reader: Page) -> None:
        reader.evaluate(
            """() => { window.leaves = 0; const book = document.querySelector('.book');
            new MutationObserver(() => { leaves += book.querySelectorAll('.leaf').length; })
              .observe(book, {childList: true}); }"""
        )
        reader.keyboard.press("ArrowRight")
        rests_at(reader, 2, 3, total=PAGES)
        assert reader.evaluate("leaves") == 0
