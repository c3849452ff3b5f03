"""Chromium for the browser tests: one browser for a module, one fresh context for each test.

Not one for the run: while Playwright is on, Django takes every other test for asynchronous code.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.demo_book import BookServer, DemoBook, serving
from tests.browser.reader import rests_at

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context_options() -> dict[str, object]:
    """Override this to test another screen, or a reader with other needs."""
    return {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def context(browser: Browser, context_options: dict[str, object]) -> Iterator[BrowserContext]:
    context = browser.new_context(**context_options)  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console said that is not expected; a test that expects some clears it."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page whose console must stay free of errors."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    assert complaints == []


@pytest.fixture
def book() -> DemoBook:
    """Override this to read another book."""
    return DemoBook(12)


@pytest.fixture
def server(book: DemoBook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BookServer]:
    """The demo book on a loopback port; its drawn pages are shared by all tests of a run."""
    folder = tmp_path_factory.getbasetemp() / "demo-book"
    folder.mkdir(exist_ok=True)
    with serving(book, folder) as server:
        yield server


@pytest.fixture
def reader(page: Page, server: BookServer) -> Page:
    """The book, open at its cover."""
    page.goto(server.url)
    rests_at(page, 1, total=server.book.pages)
    return page
