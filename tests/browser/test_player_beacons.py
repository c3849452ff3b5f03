"""What the player reports of a visit, from a real browser to a real socket."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Page

from tests.browser.demo_book import ROOT, BookServer
from tests.browser.reader import hide, needs_player, rests_at, until

pytestmark = [pytest.mark.browser, needs_player]

SCHEMA = Draft202012Validator(json.loads((ROOT / "contracts/beacon.schema.json").read_text()))


def readings(server: BookServer) -> list[dict[str, Any]]:
    """The beacons so far, each checked against the contract."""
    received = [dict(reading) for reading in server.book.readings]
    for reading in received:
        assert reading.pop("type").startswith("text/plain")
        reading.pop("origin")
        SCHEMA.validate(reading)
    return received


def test_one_beacon_counts_the_load(reader: Page, server: BookServer) -> None:
    until(reader, lambda: readings(server))
    first = readings(server)[0]
    assert (first["token"], first["seq"], first["views"]) == ("visit-token", 1, 0)


def test_turns_zoom_and_share_are_views_and_are_told_when_the_page_is_hidden(
    reader: Page, server: BookServer
) -> None:
    reader.keyboard.press("ArrowRight")
    rests_at(reader, 2, 3, total=12)
    reader.locator(".arrow.right").click()
    rests_at(reader, 4, 5, total=12)
    reader.keyboard.press("+")
    reader.get_by_text("150 %").wait_for()
    reader.get_by_role("button", name="Share this page").click()
    until(reader, lambda: readings(server))
    hide(reader)
    until(reader, lambda: readings(server)[-1]["views"] == 4)
    last = readings(server)[-1]
    assert last["seq"] > 1
    assert last["active"] > 0
    assert {page for page, *_ in last["pages"]} >= {4, 5}


def test_a_jump_by_a_link_is_one_view_and_one_click(reader: Page, server: BookServer) -> None:
    reader.get_by_role("link", name="Go to page 12").click()
    rests_at(reader, 12, total=12)
    hide(reader)
    until(reader, lambda: readings(server) and readings(server)[-1]["views"] == 1)
    assert next(clicks for page, _, _, clicks in readings(server)[-1]["pages"] if page == 1) == 1


def test_a_drag_that_falls_back_is_no_view(reader: Page, server: BookServer) -> None:
    reader.mouse.move(850, 300)
    reader.mouse.down()
    reader.mouse.move(800, 300, steps=6)
    reader.wait_for_selector(".leaf", state="attached")
    reader.wait_for_timeout(150)
    reader.mouse.up()
    rests_at(reader, 1, total=12)
    hide(reader)
    until(reader, lambda: len(readings(server)) >= 2)
    assert readings(server)[-1]["views"] == 0


def test_a_refused_beacon_is_made_good_by_the_next(
    page: Page, server: BookServer, complaints: list[str]
) -> None:
    server.book.refused_readings = 1
    page.goto(server.url)
    rests_at(page, 1, total=12)
    page.keyboard.press("ArrowRight")
    until(page, lambda: readings(server))
    reading = readings(server)[0]
    assert (reading["seq"], reading["views"]) == (2, 1)
    assert all("503" in complaint for complaint in complaints)
    complaints.clear()


def test_a_hidden_tab_is_no_load_before_it_is_shown(page: Page, server: BookServer) -> None:
    page.add_init_script(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
    )
    page.goto(server.url)
    rests_at(page, 1, total=12)
    page.wait_for_load_state("networkidle")
    assert readings(server) == []
    hide(page, hidden=False)
    until(page, lambda: len(readings(server)) == 1)


def test_a_frame_without_an_origin_reads_turns_and_counts(page: Page, server: BookServer) -> None:
    server.book.host = "embed"
    page.goto(f"{server.url}frame?size=900x600&sandbox=allow-scripts")
    frame = page.frames[1]
    rests_at(frame, 1, total=12)
    frame.locator(".arrow.right").click()
    rests_at(frame, 2, 3, total=12)
    page.keyboard.press("ArrowRight")
    rests_at(frame, 4, 5, total=12)
    frame.wait_for_selector(".page:not([hidden]) .line")
    frame.get_by_role("button", name="Share this page").click()
    frame.get_by_role("button", name="Copy link").click()
    frame.get_by_text("Copy the marked link").or_(frame.get_by_text("Link copied")).wait_for()
    until(page, lambda: readings(server))
    assert server.book.readings[0]["origin"] == "null"


def test_nothing_is_stored_and_no_other_host_is_asked(reader: Page, server: BookServer) -> None:
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.reload()
    rests_at(reader, 1, total=12)
    reader.wait_for_load_state("networkidle")
    assert all(url.startswith(server.url) for url in asked)
    assert reader.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
