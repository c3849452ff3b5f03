"""How fast a body comes, and how another ends it."""

import asyncio

import pytest

from bifolio.entry import pace as module
from bifolio.entry.asgi_types import Message
from bifolio.entry.body_sinks import StopReceiving
from bifolio.entry.pace import Pace
from bifolio.infra.received import BodyProblem

REASON = StopReceiving(BodyProblem.TOO_MANY_UPLOADS, "another needs the place")


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def new_pace() -> Pace:
    return Pace(idle_s=5, grace_s=5, floor_bytes_per_s=1000)


async def receive_nothing() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


def test_a_steady_body_comes_as_fast_as_it_is_sent_whatever_it_was_before(clock: Clock) -> None:
    async def rates() -> list[float]:
        pace = new_pace()
        found = [pace.bytes_per_s()]
        for size_bytes in (100_000, 10_000):

            async def part(size_bytes: int = size_bytes) -> Message:
                clock.now += 0.1
                return {"type": "http.request", "body": bytes(size_bytes), "more_body": True}

            for _ in range(300):
                await pace.next(part)
            found.append(pace.bytes_per_s())
        return found

    assert asyncio.run(rates()) == [0, pytest.approx(1_000_000, rel=0.05), pytest.approx(100_000, rel=0.05)]


def test_waiting_makes_a_body_slow_and_our_own_work_does_not(clock: Clock) -> None:
    async def rates() -> list[float]:
        pace = new_pace()

        async def part() -> Message:
            return {"type": "http.request", "body": bytes(500_000), "more_body": True}

        await pace.next(part)
        found = [pace.bytes_per_s()]
        clock.now += 60
        found.append(pace.bytes_per_s())
        waiting = asyncio.create_task(pace.next(receive_nothing))
        await asyncio.sleep(0)
        clock.now += 60
        found.append(pace.bytes_per_s())
        waiting.cancel()
        return found

    fresh, worked, waited = asyncio.run(rates())
    assert fresh == worked == 100_000
    assert waited < 1


def test_an_end_reaches_a_body_that_waits_at_once_and_any_other_at_its_next_part() -> None:
    async def end_both() -> None:
        waiting, working = new_pace(), new_pace()
        task = asyncio.create_task(waiting.next(receive_nothing))
        await asyncio.sleep(0)
        for pace in (waiting, working):
            pace.end(REASON)
        with pytest.raises(StopReceiving):
            await task
        with pytest.raises(StopReceiving):
            await working.next(receive_nothing)

    asyncio.run(asyncio.wait_for(end_both(), 4))
