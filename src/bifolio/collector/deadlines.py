"""Time limits for many short waits at once, by one timer. Standard library only.

A timer of its own for each request would cost more than parsing the beacon does.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

_SWEEP_S = 0.25
_Result = TypeVar("_Result")


class Deadlines:
    """Ends what runs longer than ``timeout_s``, give or take a quarter of a second, in one event loop."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._begun: dict[asyncio.Task[Any], float] = {}
        self._overdue: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Begin to watch."""
        self._sweep()

    def stop(self) -> None:
        """Watch no more; what runs may run on."""
        self._sweeper.cancel()

    async def keep(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Return what ``work`` returns. Raises TimeoutError when it takes too long."""
        task = asyncio.current_task()
        assert task is not None
        self._begun[task] = time.monotonic()
        try:
            return await work
        except asyncio.CancelledError:
            if task not in self._overdue:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            del self._begun[task]
            self._overdue.discard(task)

    def _sweep(self) -> None:
        latest = time.monotonic() - self._timeout_s
        for task, begun_at in self._begun.items():
            if begun_at > latest:
                break
            if task not in self._overdue:
                self._overdue.add(task)
                task.cancel()
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)
