"""The whole of it: an integrator publishes by the wire, a reader reads in a browser, the numbers move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.reader import needs_player, rests_at, until
from tests.documents import make_pdf
from tests.integrator import Integrator
from tests.postgres_server import postgres_server
from tests.serving import Server, serving, wait_until

pytestmark = [pytest.mark.browser, needs_player]
NO_LIMITS = {"CALLS_PER_SECOND": "0", "CALLS_PER_MINUTE": "0"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    if request.param == "sqlite":
        with serving(tmp_path, **NO_LIMITS) as server:
            yield server
    else:
        with postgres_server() as url, serving(tmp_path, DATABASE_URL=url, **NO_LIMITS) as server:
            yield server


@pytest.fixture
def client(server: Server) -> Integrator:
    pair = server.new_key()
    return Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])


def published(client: Integrator, pages: int = 6) -> str:
    """Upload a document and wait until it is converted; return its hash."""
    created = client.upload(make_pdf(pages=pages), title="Paper and Folding")
    assert (created["code"], created["status"]) == (20, "OK")
    flipbook_hash: str = created["data"]["collectionHash"]
    wait_until(
        lambda: item(client, flipbook_hash)["itemStatus"] == "complete",
        60,
        lambda: f"not complete: {item(client, flipbook_hash)}",
    )
    return flipbook_hash


def item(client: Integrator, flipbook_hash: str) -> dict[str, object]:
    collection = client.call("collection.getCollection", collectionHash=flipbook_hash)["data"]
    first: dict[str, object] = collection["items"][0]
    return first


def test_an_integrator_publishes_and_sees_the_reader_counted(
    server: Server, client: Integrator, page: Page
) -> None:
    flipbook_hash = published(client)
    before = client.call("user.getStats")["data"]
    embed = client.call("collection.getEmbed", collectionHash=flipbook_hash, width="800", height="500")
    page.set_content(f"<!doctype html><title>A shop</title>{embed['data']['embedCode']}")
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    rests_at(frame, 1, total=6)
    frame.get_by_role("button", name="Next page").last.click()
    rests_at(frame, 2, 3, total=6)
    page.keyboard.press("ArrowRight")
    rests_at(frame, 4, 5, total=6)
    page.wait_for_timeout(1500)  # the reader reads: time is what is counted here
    page.goto("about:blank")
    until(page, lambda: client.call("user.getStats")["data"]["views"] == before["views"] + 2)
    after = client.call("user.getStats")["data"]
    assert after["impressions"] == before["impressions"] + 1
    assert after["time_spent"] >= 1
    stats = client.call("collection.getStats", collectionHash=flipbook_hash, includePageStats="true")["data"]
    assert (stats["impressions"], stats["views"], stats["time_spent"]) == (1, 2, after["time_spent"])
    assert [entry["page"] for entry in stats["pages"]] == [1, 2, 3, 4, 5, 6]
    assert [entry["views"] for entry in stats["pages"]][3:5] == [1, 1]


def test_keys_turn_pages_before_anything_is_clicked(server: Server, client: Integrator, page: Page) -> None:
    collection = client.call("collection.getCollection", collectionHash=published(client))["data"]
    page.goto(collection["collectionUrl"])
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    rests_at(frame, 1, total=6)
    page.keyboard.press("ArrowRight")
    rests_at(frame, 2, 3, total=6)


def test_a_flipbook_opens_while_it_converts_and_becomes_the_book(
    server: Server, client: Integrator, page: Page
) -> None:
    created = client.upload(make_pdf(pages=80))
    page.goto(f"{server.url}/?hash={created['data']['collectionHash']}")
    page.get_by_role("group", name="Page 1 of 80").wait_for()
    wait_until(
        lambda: item(client, created["data"]["collectionHash"])["itemProgress"] == 100,
        60,
        lambda: "not complete",
    )
    page.keyboard.press("End")
    rests_at(page, 80, total=80)


def test_numbers_and_books_outlive_a_restart(tmp_path: Path, page: Page) -> None:
    with serving(tmp_path, **NO_LIMITS) as server:
        pair = server.new_key()
        client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        flipbook_hash = published(client)
        page.goto(f"{server.url}/?hash={flipbook_hash}")
        rests_at(page, 1, total=6)
        until(page, lambda: client.call("user.getStats")["data"]["impressions"] == 1)
    with serving(tmp_path, **NO_LIMITS) as server:
        client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        assert client.call("user.getStats")["data"]["impressions"] == 1
        page.goto(f"{server.url}/?hash={flipbook_hash}&p=6")
        rests_at(page, 6, total=6)
