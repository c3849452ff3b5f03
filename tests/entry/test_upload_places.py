"""Which upload makes room for another."""

import select
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bifolio.entry.body_sinks import StopReceiving
from bifolio.entry.pace import Pace
from bifolio.entry.upload_places import KEEPS_ITS_PLACE_BYTES_PER_S, UploadPlaces
from bifolio.kernel.errors import BifolioError
from tests.entry.body_layer import (
    FILE,
    crawl,
    layer,
    leftovers,
    multipart,
    small_upload,
    summary_of,
    upload,
    upload_head,
)
from tests.entry.threaded import early_answer, exchange
from tests.waiting import wait_until

FAST = KEEPS_ITS_PLACE_BYTES_PER_S


class Upload(Pace):
    """An upload of a speed that a test sets."""

    def __init__(self, speed: float) -> None:
        super().__init__(idle_s=1, grace_s=1, floor_bytes_per_s=1)
        self.speed, self.ends = speed, 0

    def bytes_per_s(self) -> float:
        return self.speed

    def end(self, reason: BifolioError) -> None:
        assert isinstance(reason, StopReceiving)
        self.ends += 1


@pytest.fixture
def places() -> UploadPlaces:
    return UploadPlaces(of_address=2, in_all=4)


def take(places: UploadPlaces, stack: ExitStack, address: str, *speeds: float) -> list[Upload]:
    uploads = [Upload(speed) for speed in speeds]
    for taken in uploads:
        stack.enter_context(places.place(address, taken))
    return uploads


def test_the_slowest_of_all_goes_and_its_place_is_free_at_once(places: UploadPlaces) -> None:
    with ExitStack() as stack:
        first = take(places, stack, "192.0.2.1", 30_000, FAST)
        second = take(places, stack, "192.0.2.2", 20_000, 40_000)
        take(places, stack, "192.0.2.3", 0)
        assert [each.ends for each in first + second] == [0, 0, 1, 0]
        take(places, stack, "192.0.2.2", FAST)
        assert [each.ends for each in first + second] == [0, 0, 1, 0]


def test_an_address_with_all_its_places_makes_room_among_its_own(places: UploadPlaces) -> None:
    with ExitStack() as stack:
        others = take(places, stack, "192.0.2.2", 0)
        own = take(places, stack, "2001:db8::1", 20_000, FAST)
        take(places, stack, "2001:db8::2", FAST)
        assert [each.ends for each in others + own] == [0, 1, 0]


def test_fast_ones_keep_their_places(places: UploadPlaces) -> None:
    with ExitStack() as stack:
        uploads = take(places, stack, "192.0.2.1", FAST, FAST) + take(places, stack, "192.0.2.2", FAST, FAST)
        for address in ("192.0.2.1", "192.0.2.3"):
            with pytest.raises(StopReceiving):
                take(places, stack, address, FAST)
        assert [each.ends for each in uploads] == [0] * 4


def test_a_place_is_free_again_when_its_upload_is_over(places: UploadPlaces) -> None:
    for _ in range(3):
        with ExitStack() as stack:
            take(places, stack, "192.0.2.1", FAST, FAST)


def test_uploads_of_one_address_are_capped_and_free_again_when_they_end(tmp_path: Path) -> None:
    with layer(tmp_path, uploads_of_address=2) as (port, _):
        waiting = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        for connection in waiting:
            connection.sendall(upload_head(10_000_000) + multipart(FILE)[:2_500_000])
        # That much has come so fast that they keep their places for some seconds without a further byte.
        wait_until(
            lambda: [path.stat().st_size >= 2_000_000 for path in leftovers(tmp_path)] == [True] * 2, 5
        )
        assert upload(port, FILE)["problem"] == "too many uploads"
        assert summary_of(exchange(port, small_upload(), source="127.0.0.2"))["problem"] is None
        for connection in waiting:
            connection.close()
        wait_until(lambda: upload(port, (b'name="a"', b"1"))["problem"] is None, 5)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("newcomer", "limits"),
    [
        pytest.param("127.0.0.9", {}, id="all places are taken by four addresses"),
        pytest.param(
            "127.0.0.1", {"uploads_of_address": 8}, id="the newcomer's address has taken all its own"
        ),
    ],
)
def test_a_crawling_upload_makes_room_for_a_newcomer(
    tmp_path: Path, newcomer: str, limits: dict[str, Any]
) -> None:
    places = limits.get("uploads_of_address", 16)
    with layer(tmp_path, **limits) as (port, _), ExitStack() as stack:
        crawling = [
            stack.enter_context(crawl(port, f"127.0.0.{1 + number % 4}")) for number in range(4 * places)
        ]

        def has_ended_one() -> bool:
            # Until all crawl, there is room without an end.
            assert summary_of(exchange(port, small_upload(), source=newcomer))["problem"] is None
            return bool(select.select(crawling, [], [], 0.1)[0])

        wait_until(has_ended_one, 5)
        (ended,) = select.select(crawling, [], [], 0)[0]
        answer = early_answer(ended)
        assert b"connection: close" in answer
        assert summary_of(answer)["problem"] == "too many uploads"
        assert "the slowest" in summary_of(answer)["detail"]
    assert leftovers(tmp_path) == []
