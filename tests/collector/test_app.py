import asyncio
import gc
from collections.abc import Coroutine, Iterable
from typing import Any

import pytest

from bifolio.collector import app
from bifolio.collector.app import MOST_BODY_BYTES, Collector
from bifolio.collector.beacons import Claim
from bifolio.collector.errors import DropReason
from bifolio.collector.group_commit import GroupCommit
from bifolio.collector.metrics import DROPPED
from tests.counting import KEY, beacon, make_token

Answer = tuple[int, dict[bytes, bytes], bytes]


class RecordingLedger:
    """Takes every claim; refuses a batch that holds a claim of ``poison``."""

    def __init__(self, poison: str = "") -> None:
        self.settled: list[Claim] = []
        self.batches: list[int] = []
        self._poison = poison

    def settle(self, claims: Iterable[Claim]) -> None:
        batch = list(claims)
        self.batches.append(len(batch))
        if any(claim.token.visit_id == self._poison for claim in batch):
            raise ValueError(self._poison)
        self.settled += batch

    def close(self) -> None:
        pass


async def ask(collector: Collector, *bodies: bytes, method: str = "POST", path: str = "/reading") -> Answer:
    """Send a request whose body comes in parts, and return status, headers and body of the answer."""
    parts, sent = list(bodies), []

    async def receive() -> dict[str, Any]:
        if not parts:
            await asyncio.Event().wait()
        if parts[0] == b"<gone>":
            return {"type": "http.disconnect"}
        body = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    await collector({"type": "http", "method": method, "path": path}, receive, send)
    if not sent:
        return 0, {}, b""
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


async def with_collector(ledger: RecordingLedger, *bodies: bytes, **options: Any) -> list[Answer]:
    collector = Collector(ledger, KEY, 1000)
    await collector.start()
    try:
        return list(await asyncio.gather(*(ask(collector, body, **options) for body in bodies)))
    finally:
        await collector.stop()


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def count_of(reason: DropReason) -> float:
    return float(DROPPED[reason]._value.get())


def test_a_beacon_is_answered_204_to_any_origin() -> None:
    ledger = RecordingLedger()
    [(status, headers, body)] = run(with_collector(ledger, beacon(make_token(), 1)))
    assert (status, headers, body) == (204, {b"access-control-allow-origin": b"*"}, b"")
    assert len(ledger.settled) == 1


def test_preflight_is_answered() -> None:
    [(status, headers, _)] = run(with_collector(RecordingLedger(), b"", method="OPTIONS"))
    assert status == 204
    assert headers[b"access-control-allow-origin"] == b"*"
    assert headers[b"access-control-allow-headers"] == b"content-type"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_are_refused(method: str) -> None:
    [(status, headers, _)] = run(with_collector(RecordingLedger(), b"", method=method))
    assert (status, headers[b"allow"]) == (405, b"POST, OPTIONS")


def test_other_paths_are_not_found() -> None:
    assert run(with_collector(RecordingLedger(), b"", path="/readings"))[0][0] == 404


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"{", 400, DropReason.MALFORMED),
        (beacon("forged.token"), 400, DropReason.FORGED),
        (beacon(make_token(issued_at=1)), 400, DropReason.EXPIRED),
        (b" " * (MOST_BODY_BYTES + 1), 413, DropReason.TOO_LARGE),
    ],
)
def test_unfit_beacons_are_refused_counted_and_never_written(
    body: bytes, status: int, reason: DropReason
) -> None:
    ledger, before = RecordingLedger(), count_of(reason)
    [(answered, headers, text)] = run(with_collector(ledger, body))
    assert (answered, text) == (status, reason.value.encode() + b"\n")
    assert headers[b"access-control-allow-origin"] == b"*"
    assert count_of(reason) == before + 1
    assert ledger.settled == []


def test_a_body_of_exactly_32_kib_is_taken() -> None:
    body = beacon(make_token(), 1)
    [(status, _, _)] = run(with_collector(RecordingLedger(), body.ljust(MOST_BODY_BYTES)))
    assert status == 204


def test_a_thousand_pages_fit() -> None:
    ledger, pages = RecordingLedger(), [[page, 12.3, 1, 0] for page in range(1, 1001)]
    [(status, _, _)] = run(with_collector(ledger, beacon(make_token(page_count=1000), 1, 60, 9, pages)))
    assert (status, len(ledger.settled[0].pages)) == (204, 1000)


def test_the_size_is_counted_over_all_parts_while_reading() -> None:
    async def check() -> Answer:
        return await ask(Collector(RecordingLedger(), KEY, 1000), *[b" " * 16_384] * 3, b"<never read>")

    status, headers, _ = run(check())
    assert (status, headers[b"connection"]) == (413, b"close")


def test_a_body_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BODY_TIMEOUT_S", 0.01)

    async def check() -> Answer:
        collector = Collector(RecordingLedger(), KEY, 1000)
        await collector.start()

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await collector({"type": "http", "method": "POST", "path": "/reading"}, receive, send)
        await collector.stop()
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    status, headers, text = run(check())
    assert (status, headers[b"connection"], text) == (408, b"close", b"slow\n")


def test_a_client_that_left_is_not_answered() -> None:
    before = count_of(DropReason.CUT)
    assert run(with_collector(RecordingLedger(), b"<gone>")) == [(0, {}, b"")]
    assert count_of(DropReason.CUT) == before + 1


def test_pages_outside_the_document_are_counted_as_dropped() -> None:
    ledger, before = RecordingLedger(), count_of(DropReason.PAGE_OUT_OF_RANGE)
    run(with_collector(ledger, beacon(make_token(), 1, 5, 0, [[9999, 5, 1, 0], [1, 5, 1, 0]])))
    assert list(ledger.settled[0].pages) == [1]
    assert count_of(DropReason.PAGE_OUT_OF_RANGE) == before + 1


def test_one_poisonous_beacon_does_not_fail_its_neighbours(caplog: pytest.LogCaptureFixture) -> None:
    poison = make_token()
    bodies = [beacon(token, 1) for token in (make_token(), poison, make_token())]
    ledger = RecordingLedger(poison=poison.visit_id)
    answers = run(with_collector(ledger, *bodies))
    assert [status for status, _, _ in answers] == [204, 500, 204]
    assert len(ledger.settled) == 2
    assert "cannot be counted" in caplog.text


def test_waiting_beacons_share_a_transaction() -> None:
    ledger = RecordingLedger()
    answers = run(with_collector(ledger, *(beacon(make_token(), 1) for _ in range(200))))
    assert {status for status, _, _ in answers} == {204}
    assert len(ledger.batches) < 100


def test_what_waits_at_stop_is_committed_and_what_comes_later_refused() -> None:
    async def check() -> tuple[Answer, Answer]:
        ledger = RecordingLedger()
        collector = Collector(ledger, KEY, 1000)
        await collector.start()
        waiting = asyncio.create_task(ask(collector, beacon(make_token(), 1)))
        await asyncio.sleep(0)
        await collector.stop()
        return await waiting, await ask(collector, beacon(make_token(), 1))

    (status, _, _), (late_status, late_headers, _) = run(check())
    assert (status, late_status, late_headers[b"retry-after"]) == (204, 503, b"5")


def test_it_leaves_the_garbage_collector_as_it_was() -> None:
    before = gc.get_threshold()
    run(with_collector(RecordingLedger(), beacon(make_token(), 1)))
    assert gc.get_threshold() == before


def test_a_full_queue_answers_503() -> None:
    async def check() -> list[int]:
        commits = GroupCommit(RecordingLedger())
        collector = Collector(RecordingLedger(), KEY, 1000)
        collector._commits = commits
        commits._stopping, commits._loop = False, asyncio.get_running_loop()
        pages = [[page, 1.5, 1, 0] for page in range(1, 1500)]
        body = beacon(make_token(page_count=1500), 1, 9, 9, pages)
        asks = [asyncio.create_task(ask(collector, body)) for _ in range(1500)]
        done, waiting = await asyncio.wait(asks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert waiting
        return [task.result()[0] for task in done]

    statuses = run(check())
    assert statuses
    assert set(statuses) == {503}
