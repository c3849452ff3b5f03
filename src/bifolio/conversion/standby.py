"""Keeps engines ready, each for one document, so that its first page waits for no start of Python.

They are started by a thread of their own, which lives until the last of them has ended: the kernel
ends an engine with the thread that started it, and threads that convert may come and go.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from bifolio.conversion.child import EngineChild
from bifolio.conversion.context import EngineContext
from bifolio.conversion.preparation import Role
from bifolio.conversion.sandbox_policy import prepare
from bifolio.conversion.sandbox_report import SandboxTooWeak
from bifolio.conversion.started_engine import StartedEngine

PAUSE_S = 1.0
"""Between taking an engine and starting the next: its first page has the processors to itself."""
_LONGEST_PAUSE_S = 60.0


class StandbyEngines:
    """``count`` engines that stand by, from ``with`` to its end. Safe to use from any thread."""

    def __init__(
        self, count: int, *, pause_s: float = PAUSE_S, roles: tuple[Role, ...] = tuple(Role)
    ) -> None:
        self._count, self._first_pause_s, self._roles = count, pause_s, roles
        self._ready: deque[StartedEngine] = deque()
        self._taken: list[StartedEngine] = []
        self._is_starting = False
        self._changed = threading.Condition()
        self._not_before = 0.0
        self._pause_s = pause_s
        self._is_closed = False
        self._thread = threading.Thread(target=self._keep, name="standby engines", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self) -> StartedEngine | None:
        """An engine that nobody else gets, loaded or about to be; None when there is none."""
        with self._changed:
            while self._ready:
                engine = self._ready.popleft()
                self._not_before = time.monotonic() + self._first_pause_s
                self._changed.notify_all()
                if engine.is_alive():
                    self._pause_s = self._first_pause_s
                    self._taken = [taken for taken in self._taken if taken.is_alive()] + [engine]
                    return engine
                engine.discard()
                # One that died while it stood by would do so again at once: a machine short of memory.
                self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
                self._not_before = time.monotonic() + self._pause_s
        return None

    def close(self) -> None:
        """End those that stand by; none is started any more. Those taken are their takers'."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._is_starting)
            while self._ready:
                self._ready.popleft().discard()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until all stand by. Return whether they do."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ready) >= self._count, timeout_s)

    def _keep(self) -> None:
        while self._wait_for_a_place():
            engine = None
            with contextlib.suppress(OSError, MemoryError, SandboxTooWeak):
                engine = StartedEngine(prepare(self._roles, rehearses=True))
            with self._changed:
                self._is_starting = False
                if engine is not None:
                    self._ready.append(engine)
                else:
                    self._not_before = time.monotonic() + _LONGEST_PAUSE_S
                self._changed.notify_all()
        for engine in self._taken:
            engine.wait()

    def _wait_for_a_place(self) -> bool:
        """Until one more engine should stand by; False when none ever will."""
        with self._changed:
            while not self._is_closed:
                left_s = self._not_before - time.monotonic()
                if len(self._ready) >= self._count:
                    self._changed.wait()
                elif left_s > 0:
                    self._changed.wait(left_s)
                else:
                    self._is_starting = True
                    return True
        return False


_kept: list[StandbyEngines] = []


@contextlib.contextmanager
def engines_standing_by(count: int) -> Iterator[StandbyEngines]:
    """Let ``take_engine`` of this process find ``count`` engines ready, until the end of ``with``."""
    with StandbyEngines(count) as engines:
        _kept.append(engines)
        try:
            yield engines
        finally:
            _kept.remove(engines)


def take_engine(document: int, context: EngineContext) -> EngineChild:
    """An engine at work on the open descriptor ``document``: one that stood by, else a new one.

    Later pages of a book, for which nobody waits yet, leave those that stand by to the next book's
    first. A new one belongs to the calling thread (see ``child``).
    """
    for engines in _kept if context.mode == "count" or context.first_page == 1 else ():
        started = engines.take()
        if started is not None:
            return EngineChild(document, context, started)
    return EngineChild(document, context)
