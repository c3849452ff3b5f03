import asyncio

import pytest

from bifolio.collector.deadlines import Deadlines


async def wait_for_ever() -> str:
    await asyncio.Event().wait()
    return "never"


async def be_quick() -> str:
    return "done"


def test_work_in_time_gives_its_result_and_late_work_is_ended() -> None:
    async def check() -> list[object]:
        deadlines = Deadlines(0.01)
        deadlines.start()
        works = [deadlines.keep(be_quick()), deadlines.keep(wait_for_ever()), deadlines.keep(be_quick())]
        try:
            return list(await asyncio.gather(*works, return_exceptions=True))
        finally:
            deadlines.stop()

    first, second, third = asyncio.run(check())
    assert (first, third) == ("done", "done")
    assert isinstance(second, TimeoutError)


def test_a_task_goes_on_after_its_work_was_ended() -> None:
    async def check() -> str:
        deadlines = Deadlines(0.01)
        deadlines.start()
        with pytest.raises(TimeoutError):
            await deadlines.keep(wait_for_ever())
        await asyncio.sleep(0)
        deadlines.stop()
        return await deadlines.keep(be_quick())

    assert asyncio.run(check()) == "done"


def test_cancelling_from_outside_stays_a_cancellation() -> None:
    async def check() -> None:
        deadlines = Deadlines(60)
        task = asyncio.create_task(deadlines.keep(wait_for_ever()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(check())
