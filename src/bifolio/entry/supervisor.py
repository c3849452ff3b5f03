"""Keeps child processes running, and ends them all in the end. Knows no Django and nothing of Bifolio."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

QUICK_DEATH_S = 10.0
_LONGEST_PAUSE_S = 30.0
_TICK_S = 0.5
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A child to keep running: ``python -m module arguments…``, with these descriptors passed on."""

    name: str
    module: str
    arguments: tuple[str, ...]
    descriptors: tuple[int, ...] = ()


class _Child:
    """One place in the tree, and the process that fills it."""

    def __init__(self, spec: ChildSpec, lifeline: int) -> None:
        self.spec, self._lifeline = spec, lifeline
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = self.restart_at = 0.0
        self._quick_deaths = 0

    def start(self) -> None:
        """Start the process, in a session of its own: a Ctrl-C on the terminal reaches the parent only."""
        self._started_at = time.monotonic()
        command = [sys.executable, "-m", self.spec.module, "--lifeline", str(self._lifeline)]
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            [*command, *self.spec.arguments],
            stdin=subprocess.DEVNULL,
            pass_fds=(self._lifeline, *self.spec.descriptors),
            start_new_session=True,
        )

    def note_death(self) -> int | None:
        """Return the exit code if the process has just ended, and plan the next start."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self.process = None
        lived_s = time.monotonic() - self._started_at
        self._quick_deaths = self._quick_deaths + 1 if lived_s < QUICK_DEATH_S else 0
        # The first death is answered at once; a child that cannot live must not keep the machine busy.
        pause_s = min(_LONGEST_PAUSE_S, 0.5 * 2.0**self._quick_deaths) if self._quick_deaths > 1 else 0.0
        self.restart_at = time.monotonic() + pause_s
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal if the process lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Runs children until told to stop by SIGTERM, SIGINT or SIGHUP. Use it from the main thread."""

    def __init__(self, specs: Sequence[ChildSpec], *, drain_s: float) -> None:
        # Only this process holds the write end, so the read ends close with its death.
        self._lifeline, self._life = os.pipe()
        self._children = [_Child(spec, self._lifeline) for spec in specs]
        self._drain_s = drain_s
        self._stops_asked = 0

    def run(self, on_stop: Callable[[], None]) -> None:
        """Start all, restart what dies, drain at the end. ``on_stop`` is called before the drain."""
        with self._woken_by_signals() as wakeup:
            for child in self._children:
                child.start()
            while not self._stops_asked:
                self._wait(wakeup)
                self._restart_the_dead()
            on_stop()
            self._drain(wakeup)

    def _restart_the_dead(self) -> None:
        for child in self._children:
            code = child.note_death()
            if code is not None and not self._stops_asked:
                log.warning("child died", child=child.spec.name, code=code)
            if child.process is None and time.monotonic() >= child.restart_at and not self._stops_asked:
                child.start()

    def _drain(self, wakeup: int) -> None:
        """Let every child end by itself; kill those that take too long, or all at a second signal."""
        log.info("draining")
        for child in self._children:
            child.signal(signal.SIGTERM)
        give_up_at = time.monotonic() + self._drain_s
        while self._living() and time.monotonic() < give_up_at and self._stops_asked < 2:
            self._wait(wakeup)
        for child in self._living():
            log.warning("child killed, it did not end", child=child.spec.name)
            child.signal(signal.SIGKILL)
        for child in self._living():
            assert child.process is not None
            child.process.wait()
        log.info("stopped")

    def _living(self) -> list[_Child]:
        return [child for child in self._children if child.process and child.process.poll() is None]

    def _wait(self, wakeup: int) -> None:
        ready, _, _ = select.select([wakeup], [], [], _TICK_S)
        if ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wakeup, 4096)

    @contextlib.contextmanager
    def _woken_by_signals(self) -> Iterator[int]:
        """Yield a descriptor that can be read after each signal, the death of a child among them."""
        wakeup, wake = os.pipe()
        for descriptor in (wakeup, wake):
            os.set_blocking(descriptor, False)
        handlers = {number: signal.signal(number, self._ask_to_stop) for number in _STOP_SIGNALS}
        handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        previous = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        try:
            yield wakeup
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            os.close(wakeup)
            os.close(wake)

    def _ask_to_stop(self, *_: object) -> None:
        self._stops_asked += 1
