"""Words for what a reader does and sees, shared by the player's browser tests."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page

from tests.browser.demo_book import PLAYER

needs_player = pytest.mark.skipif(
    not (PLAYER / "assets.json").exists(), reason="the player is not built: npm run build in player/"
)

RESTS_AT = """pages => !document.querySelector('.leaf') && pages ===
  [...document.querySelectorAll('.page:not([hidden])')].map(page => page.getAttribute('aria-label')).join()"""


def rests_at(page: Page | Frame, *numbers: int, total: int, labels: dict[int, str] | None = None) -> None:
    """Wait until exactly these pages lie flat on the screen."""
    known = labels or {}
    names = ",".join(
        f"Page {known[number]} ({number} of {total})" if number in known else f"Page {number} of {total}"
        for number in numbers
    )
    page.wait_for_function(RESTS_AT, arg=names)


def box_of(page: Page, number: int) -> dict[str, float]:
    """Where page ``number`` is on the screen: x, y, width, height."""
    box = page.get_by_role("group", name=f"Page {number} of", exact=False).bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, release: bool = True) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=12)
    if release:
        page.wait_for_timeout(120)  # longer than the window in which a release would be a flick
        page.mouse.up()


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Move a finger from ``start`` to ``end``."""
    devtools = page.context.new_cdp_session(page)
    steps = 8
    for step in range(steps + 1):
        x, y = (a + (b - a) * step / steps for a, b in zip(start, end, strict=True))
        kind = "touchStart" if step == 0 else "touchMove"
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def hide(page: Page, *, hidden: bool = True) -> None:
    """Let the page believe that its tab went to the background, or came back."""
    state = "hidden" if hidden else "visible"
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        state,
    )


def until(page: Page, holds: Callable[[], Any]) -> None:
    """Wait until ``holds`` says so, while the browser goes on."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(40)
    pytest.fail("it did not come about within 8 s")
