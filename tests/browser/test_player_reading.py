"""Looking closer, finding the way, links and text, and what is shown while there is no whole book."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_book import BookServer, DemoBook
from tests.browser.reader import box_of, drag, needs_player, rests_at

pytestmark = [pytest.mark.browser, needs_player]

PAGES = 12
OUTLINE = [
    {"title": "Spring", "page": 2, "children": [{"title": "Sowing", "page": 5}]},
    {"title": "Autumn <b>", "page": 9},
]


@pytest.fixture
def book() -> DemoBook:
    return DemoBook(PAGES, outline=OUTLINE, labels={2: "ii"})


def zoom_level(page: Page) -> str | None:
    return page.locator(".level").text_content()


def test_keys_and_buttons_zoom_in_steps_and_back(reader: Page) -> None:
    whole = box_of(reader, 1)
    reader.keyboard.press("+")
    expect(reader.locator(".level")).to_have_text("150 %")
    reader.get_by_role("button", name="Zoom in").click()
    expect(reader.locator(".level")).to_have_text("200 %")
    assert box_of(reader, 1)["width"] == pytest.approx(2 * whole["width"], abs=2)
    reader.keyboard.press("0")
    expect(reader.locator(".level")).to_have_text("100 %")
    assert box_of(reader, 1) == pytest.approx(whole, abs=1)


def test_a_zoomed_page_loads_its_large_image_and_lies_flat(reader: Page) -> None:
    for _ in range(3):
        reader.keyboard.press("+")
    reader.wait_for_selector(".page:not([hidden]) img[src*='1-large']")
    assert reader.evaluate("getComputedStyle(document.querySelector('.book')).willChange") == "auto"
    assert "scale" not in reader.evaluate("document.querySelector('.book').style.transform")


def test_a_double_click_zooms_to_the_point(reader: Page) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})
    before = box_of(reader, 3)
    x, y = before["x"] + 60, before["y"] + 200
    reader.mouse.dblclick(x, y)
    expect(reader.locator(".level")).to_have_text("220 %")
    after = box_of(reader, 3)
    assert x - after["x"] == pytest.approx(2.2 * (x - before["x"]), abs=3)
    assert y - after["y"] == pytest.approx(2.2 * (y - before["y"]), abs=3)
    reader.mouse.dblclick(x, y)
    expect(reader.locator(".level")).to_have_text("100 %")


def test_ctrl_and_wheel_zoom_the_book_and_not_the_page_around(reader: Page) -> None:
    reader.mouse.move(640, 400)
    reader.keyboard.down("Control")
    reader.mouse.wheel(0, -300)
    reader.mouse.wheel(0, -300)
    reader.keyboard.up("Control")
    reader.wait_for_function("() => parseInt(document.querySelector('.level').textContent) > 130")
    assert reader.evaluate("devicePixelRatio") == 1


def test_a_zoomed_page_is_moved_by_drag_and_wheel_and_clamped(reader: Page) -> None:
    for _ in range(3):
        reader.keyboard.press("+")
    expect(reader.locator(".level")).to_have_text("300 %")
    before = box_of(reader, 1)
    drag(reader, (640, 400), (600, 340))
    reader.wait_for_function("() => !document.querySelector('.book').style.willChange")
    moved = box_of(reader, 1)
    assert moved["x"] - before["x"] == pytest.approx(-40, abs=2)
    assert moved["y"] - before["y"] == pytest.approx(-60, abs=2)
    reader.mouse.wheel(0, -9000)
    reader.wait_for_function("() => !document.querySelector('.book').style.willChange")
    assert 0 <= box_of(reader, 1)["y"] < 60


def test_turning_while_zoomed_keeps_the_zoom_and_starts_at_the_top(reader: Page) -> None:
    reader.keyboard.press("+")
    reader.keyboard.press("+")
    expect(reader.locator(".level")).to_have_text("200 %")
    reader.keyboard.press("PageDown")
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})
    assert zoom_level(reader) == "200 %"
    left = box_of(reader, 3)
    assert left["y"] > 0


def test_the_page_field_takes_numbers_and_labels(reader: Page) -> None:
    field = reader.get_by_role("textbox", name="Go to page")
    field.fill("7")
    field.press("Enter")
    rests_at(reader, 6, 7, total=PAGES)
    field.fill("II")
    field.press("Enter")
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})
    expect(field).to_have_value("ii–3")
    expect(reader.locator(".total")).to_have_text("(2–3 of 12)")


@pytest.mark.parametrize(
    ("typed", "pages", "said"),
    [
        ("99", (12,), "There is no page 99. This is the last one."),
        ("9999999999", (12,), "There is no page 9999999999. This is the last one."),
        ("0", (1,), "There is no page 0. This is the first one."),
        ("nowhere", (6, 7), "There is no page nowhere."),
        ("4–5", (4, 5), ""),
        ("6–7", (6, 7), ""),
        ("  ", (6, 7), ""),
    ],
)
def test_the_page_field_goes_to_the_nearest_page_or_stays_and_says_so(
    reader: Page, typed: str, pages: tuple[int, ...], said: str
) -> None:
    field = reader.get_by_role("textbox", name="Go to page")
    field.fill("7")
    field.press("Enter")
    rests_at(reader, 6, 7, total=PAGES)
    field.fill(typed)
    field.press("Enter")
    expect(reader.locator(".toast")).to_have_text(said)
    rests_at(reader, *pages, total=PAGES)
    expect(field).to_have_value("–".join(map(str, pages)))


def test_a_label_in_a_part_of_a_long_book_not_known_yet_is_found(page: Page, server: BookServer) -> None:
    labels = {1: "i", 2: "ii"} | {number: str(number - 2) for number in range(3, 301)}
    server.book.pages, server.book.labels = 300, labels
    page.goto(server.url)
    rests_at(page, 1, total=300, labels=labels)
    field = page.get_by_role("textbox", name="Go to page")
    field.fill("292")
    field.press("Enter")
    rests_at(page, 294, 295, total=300, labels=labels)
    expect(field).to_have_value("292–293")
    expect(page.locator(".total")).to_have_text("(294–295 of 300)")
    assert page.url.endswith("#p=294")
    page.reload()
    rests_at(page, 294, 295, total=300, labels=labels)
    field.fill("300")
    field.press("Enter")
    rests_at(page, 300, total=300, labels=labels)


def test_the_slider_jumps_when_it_is_let_go_with_one_leaf(reader: Page) -> None:
    slider = reader.get_by_role("slider")
    slider.evaluate("each => { each.value = 8; each.dispatchEvent(new Event('input', {bubbles: true})); }")
    expect(reader.locator(".bubble")).to_have_text("Page 8 of 12")
    rests_at(reader, 1, total=PAGES)
    slider.evaluate("each => each.dispatchEvent(new Event('change', {bubbles: true}))")
    rests_at(reader, 8, 9, total=PAGES)


def test_contents_jump_and_mark_the_chapter(reader: Page) -> None:
    reader.get_by_role("button", name="Contents").click()
    drawer = reader.get_by_role("navigation", name="Contents")
    drawer.get_by_role("button", name="Sowing").click()
    rests_at(reader, 4, 5, total=PAGES)
    expect(drawer.locator("[aria-current]")).to_contain_text("Sowing")
    expect(drawer.get_by_text("Autumn <b>")).to_be_visible()
    reader.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(reader.get_by_role("button", name="Contents")).to_be_focused()


def test_back_undoes_a_jump_and_not_a_turn(reader: Page) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})
    reader.keyboard.press("End")
    rests_at(reader, 12, total=PAGES)
    reader.go_back()
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})


@pytest.mark.parametrize(
    ("address", "pages"), [("?p=5", (4, 5)), ("?p=5#p=8", (8, 9)), ("#p=II", (2, 3)), ("#p=4", (4, 5))]
)
def test_a_deep_link_opens_its_page(
    page: Page, server: BookServer, address: str, pages: tuple[int, ...]
) -> None:
    page.goto(server.url + address)
    rests_at(page, *pages, total=PAGES, labels={2: "ii"})


@pytest.mark.parametrize("address", ["?p=99", "#p=99", "?p=5#p=99"])
def test_a_deep_link_beyond_the_end_opens_the_last_page_and_says_so(
    page: Page, server: BookServer, address: str
) -> None:
    page.goto(server.url + address)
    rests_at(page, 12, total=PAGES)
    expect(page.locator(".toast")).to_have_text("There is no page 99. This is the last one.")


def test_a_deep_link_to_no_page_opens_the_book_and_says_so(page: Page, server: BookServer) -> None:
    page.goto(f"{server.url}#p=nowhere")
    rests_at(page, 1, total=PAGES)
    expect(page.locator(".toast")).to_have_text("There is no page nowhere.")


def test_links_work_and_never_turn_by_accident(reader: Page) -> None:
    link = reader.locator(".page:not([hidden]) a.link[href='https://gardens.example/']")
    assert link.get_attribute("rel") == "noopener nofollow ugc"
    assert link.get_attribute("aria-label") == "This is page 1 of the demo book."
    assert reader.locator("a[href^=javascript]").count() == 0
    reader.get_by_role("link", name="Go to page 12").click()
    rests_at(reader, 12, total=PAGES)


def test_text_can_be_selected_and_copied_in_reading_order(reader: Page) -> None:
    first = reader.locator(".line", has_text="Line 0 of page 1").bounding_box()
    last = reader.locator(".line", has_text="Line 2 of page 1").bounding_box()
    assert first is not None
    assert last is not None
    drag(reader, (first["x"] + 1, first["y"] + 6), (last["x"] + last["width"] - 2, last["y"] + 6))
    selected = reader.evaluate("getSelection().toString()")
    assert [line.strip(" .") for line in selected.strip().splitlines()] == [
        f"Line {i} of page 1: sow, water, wait, and turn the leaf" for i in range(3)
    ]
    rests_at(reader, 1, total=PAGES)


def test_a_line_of_text_lies_over_its_picture(reader: Page) -> None:
    line = reader.locator(".line", has_text="Line 3 of page 1").bounding_box()
    page_box = box_of(reader, 1)
    assert line is not None
    scale = page_box["width"] / 420
    assert (line["x"] - page_box["x"]) / scale == pytest.approx(48, abs=1)
    assert (line["y"] - page_box["y"]) / scale == pytest.approx(210, abs=2)
    assert line["height"] / scale == pytest.approx(12 * 1.2, abs=2)


def test_share_shows_the_link_to_this_page(reader: Page) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=PAGES, labels={2: "ii"})
    reader.get_by_role("button", name="Share this page").click()
    field = reader.get_by_role("textbox", name="Link to this page")
    expect(field).to_have_value("http://books.example/demo/a-year-demobook01.html?p=2")
    hidden = "field => [field.scrollWidth - field.clientWidth, field.scrollHeight - field.clientHeight]"
    for width in (390, 768, 1440):
        reader.set_viewport_size({"width": width, "height": 800})
        assert field.evaluate(hidden) == [0, 0], f"the link is cut at {width} px"
    reader.keyboard.press("Escape")
    expect(reader.get_by_role("button", name="Share this page")).to_be_focused()


def test_download_is_offered_only_where_it_is_allowed(page: Page, server: BookServer) -> None:
    page.goto(server.url)
    expect(page.get_by_role("link", name="Download PDF")).to_have_attribute("href", "/download.pdf")
    server.book.download = False
    page.reload()
    rests_at(page, 1, total=PAGES)
    expect(page.get_by_role("link", name="Download PDF")).to_have_count(0)


def test_full_screen_and_back(reader: Page) -> None:
    reader.get_by_role("button", name="Full screen").click()
    reader.wait_for_function("() => document.fullscreenElement !== null")
    reader.get_by_role("button", name="Leave full screen").click()
    reader.wait_for_function("() => document.fullscreenElement === null")


def test_a_page_that_does_not_load_says_so_and_comes_back_by_retry(
    page: Page, server: BookServer, complaints: list[str]
) -> None:
    server.book.failing = {"3-medium.png", "3-small.png"}
    page.goto(server.url)
    rests_at(page, 1, total=PAGES)
    page.keyboard.press("ArrowRight")
    notice = page.locator(".notice.failed")
    expect(notice).to_contain_text("3")
    rests_at(page, 2, 3, total=PAGES, labels={2: "ii"})
    server.book.failing = set()
    notice.get_by_role("button", name="Try again").evaluate("button => button.click()")
    page.wait_for_selector(".page:not([hidden]) img[src*='3-medium']")
    page.keyboard.press("ArrowRight")
    rests_at(page, 4, 5, total=PAGES)
    complaints.clear()


def test_a_book_appears_and_grows_while_it_is_converted(page: Page, server: BookServer) -> None:
    book = server.book
    book.ready, book.known_count = 0, False
    page.goto(server.url)
    expect(page.get_by_text("Preparing this book")).to_be_visible()
    book.ready, book.known_count = 1, True
    rests_at(page, 1, total=PAGES)
    expect(page.locator(".progress")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".page:not([hidden]) .notice.preparing")).to_have_count(2)
    book.ready = PAGES
    page.wait_for_selector(".page:not([hidden]) img[src*='3-medium']")
    expect(page.locator(".progress")).to_be_hidden()
    assert f"/manifest?book=demo&from={PAGES}" not in book.requests


@pytest.mark.parametrize("error", ["It could not be prepared.", None])
def test_a_failed_document_is_told_in_plain_sentences(
    page: Page, server: BookServer, error: str | None
) -> None:
    server.book.ready, server.book.state, server.book.error = 0, "failed", error
    page.goto(server.url)
    expect(page.get_by_role("status").get_by_text("This publication cannot be shown")).to_be_visible()
    expect(page.get_by_text("It could not be prepared")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()


def test_a_book_of_one_page_fills_the_stage(page: Page, server: BookServer) -> None:
    server.book.pages = 1
    page.goto(server.url)
    rests_at(page, 1, total=1)
    for key in ("ArrowRight", "ArrowLeft", "End"):
        page.keyboard.press(key)
    rests_at(page, 1, total=1)


def test_a_page_change_is_said_once_after_rest(reader: Page) -> None:
    reader.evaluate(
        """() => { window.said = []; const voice = document.querySelector('[aria-live]');
        new MutationObserver(() => said.push(voice.textContent))
          .observe(voice, {childList: true, characterData: true, subtree: true}); }"""
    )
    for _ in range(4):
        reader.keyboard.press("ArrowRight")
    reader.wait_for_function("() => said.length > 0 && said[said.length - 1] === 'Pages 8 and 9 of 12'")
    assert [said for said in reader.evaluate("said") if said != "Page 1 of 12"] == ["Pages 8 and 9 of 12"]


def test_tab_reaches_links_of_visible_pages_and_every_control_with_a_visible_focus(reader: Page) -> None:
    reached = []
    for _ in range(16):
        reader.keyboard.press("Tab")
        reached.append(
            reader.evaluate(
                """() => { const at = document.activeElement; return [at.getAttribute('aria-label'),
                getComputedStyle(at).outlineStyle !== 'none' || at.tagName === 'INPUT',
                at.closest('[hidden]') === null]; }"""
            )
        )
    names = [name for name, _, _ in reached]
    assert {
        "Go to page 12",
        "Next page",
        "Go to page",
        "Contents",
        "Zoom in",
        "Share this page",
        "Full screen",
    } <= set(names)
    assert all(focus and shown for name, focus, shown in reached if name)


def test_the_address_stays_as_it_came_until_the_reader_moves(page: Page, server: BookServer) -> None:
    page.goto(f"{server.url}?p=5")
    rests_at(page, 4, 5, total=PAGES)
    assert page.url == f"{server.url}?p=5"
    page.keyboard.press("ArrowRight")
    rests_at(page, 6, 7, total=PAGES)
    assert page.url == f"{server.url}?p=5#p=6"


def test_a_document_whose_length_is_not_known_yet_claims_none(page: Page, server: BookServer) -> None:
    server.book.ready, server.book.known_count = 1, False
    page.goto(server.url)
    page.get_by_role("group", name="Page 1", exact=True).wait_for()
    expect(page.locator(".total")).to_have_text("")
    server.book.ready, server.book.known_count = PAGES, True
    rests_at(page, 1, total=PAGES)
    page.keyboard.press("End")
    rests_at(page, PAGES, total=PAGES)
