"""Takes all waiting claims into one transaction, and tells each waiter when it is committed.

One thread writes; the event loop only appends, and is woken once a batch.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from enum import Enum, auto

from bifolio.collector.beacons import Claim
from bifolio.collector.errors import BeaconDropped, DropReason, LedgerUnavailable
from bifolio.collector.ledger import Ledger
from bifolio.collector.metrics import BEACONS_COUNTED, COMMITS

PATIENCE_S = 5.0
"""How long a claim waits for the database before its client is sent away."""

_PAUSE_S = 0.001
_RETRY_PAUSE_S = 0.1
_SWEEP_S = 0.25
_STOP_TIMEOUT_S = 15.0
_SMALLEST_WEIGHT_BYTES = 1024
_QUEUE_BYTES = 16 * 1024 * 1024
_BATCH_BYTES = 1024 * 1024

_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a claim."""

    COMMITTED = auto()
    REFUSED = auto()
    UNAVAILABLE = auto()


class _Waiter:
    """A claim, who waits for it, and (written by the thread alone) what became of it."""

    __slots__ = ("claim", "future", "outcome", "since", "weight_bytes")

    def __init__(self, claim: Claim, weight_bytes: int, future: asyncio.Future[Outcome]) -> None:
        self.claim, self.weight_bytes, self.future = claim, weight_bytes, future
        self.since = time.monotonic()
        self.outcome: Outcome | None = None

    def answer(self, outcome: Outcome) -> None:
        if not self.future.done():
            self.future.set_result(outcome)


class GroupCommit:
    """Commits claims in batches. ``start``, ``submit`` and ``stop`` belong to one event loop."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._queue: deque[_Waiter] = deque()
        self._batch: list[_Waiter] = []
        self._queued_bytes = 0
        self._stopping = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write; the running event loop will be told of every outcome."""
        self._loop = asyncio.get_running_loop()
        self._stopping = False
        self._thread = threading.Thread(target=self._write, name="collector", daemon=True)
        self._thread.start()
        self._sweep()

    async def stop(self) -> None:
        """Take no more, commit what waits (where the database answers), and end the thread."""
        self._stopping = True
        self._work.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join, _STOP_TIMEOUT_S)
            self._sweeper.cancel()
            self._send_away(before=float("inf"))

    def submit(self, claim: Claim, size_bytes: int) -> asyncio.Future[Outcome]:
        """Return the outcome to come. Raises BeaconDropped when too much waits already, or after stop."""
        weight_bytes = max(size_bytes, _SMALLEST_WEIGHT_BYTES)
        if self._stopping or self._queued_bytes + weight_bytes > _QUEUE_BYTES:
            raise BeaconDropped(DropReason.OVERLOADED)
        waiter = _Waiter(claim, weight_bytes, self._loop.create_future())
        with self._lock:
            self._queue.append(waiter)
            self._queued_bytes += weight_bytes
        if not self._work.is_set():
            self._work.set()
        return waiter.future

    def _sweep(self) -> None:
        self._send_away(before=time.monotonic() - PATIENCE_S)
        self._sweeper = self._loop.call_later(_SWEEP_S, self._sweep)

    def _send_away(self, *, before: float) -> None:
        with self._lock:
            outstanding = [*self._batch, *self._queue]
        for waiter in outstanding:
            if waiter.since < before:
                waiter.answer(Outcome.UNAVAILABLE)

    def _write(self) -> None:
        with contextlib.closing(self._ledger):
            while batch := self._next_batch():
                if self._settle(batch):
                    self._finish(batch)
                    # Without a pause, a saturated collector starves every other writer of SQLite.
                    time.sleep(_PAUSE_S)
                elif self._stopping:
                    return
                else:
                    self._put_back(batch)
                    time.sleep(_RETRY_PAUSE_S)

    def _next_batch(self) -> list[_Waiter]:
        """Wait for work and return it; nothing when all is written and no more will come."""
        while True:
            self._work.wait()
            with self._lock:
                self._batch = self._take()
                if not self._queue and not self._stopping:
                    self._work.clear()
            if self._batch or self._stopping:
                return self._batch

    def _take(self) -> list[_Waiter]:
        taken, weight_bytes = [], 0
        while self._queue and weight_bytes < _BATCH_BYTES:
            taken.append(self._queue.popleft())
            weight_bytes += taken[-1].weight_bytes
        return taken

    def _settle(self, batch: list[_Waiter]) -> bool:
        """Write the batch; return False when the database does not answer."""
        try:
            self._ledger.settle([waiter.claim for waiter in batch])
        except LedgerUnavailable as error:
            _log.warning("The database does not take statistics: %s", error.__cause__)
            return False
        except Exception:  # noqa: BLE001 - see below
            # Whatever one claim does must not fail its neighbours: each is tried alone.
            if len(batch) > 1:
                return all(self._settle([waiter]) for waiter in batch)
            _log.exception("A beacon cannot be counted")
            batch[0].outcome = Outcome.REFUSED
            return True
        COMMITS.observe(len(batch))
        BEACONS_COUNTED.inc(len(batch))
        for waiter in batch:
            waiter.outcome = Outcome.COMMITTED
        return True

    def _finish(self, batch: list[_Waiter]) -> None:
        with self._lock:
            self._batch = []
            self._queued_bytes -= sum(waiter.weight_bytes for waiter in batch)
        # A closed loop means that stop gave these waiters up long ago.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_tell, batch)

    def _put_back(self, batch: list[_Waiter]) -> None:
        waiting = [waiter for waiter in batch if waiter.outcome is None and not waiter.future.done()]
        kept = set(map(id, waiting))
        self._finish([waiter for waiter in batch if id(waiter) not in kept])
        with self._lock:
            self._queue.extendleft(reversed(waiting))
            self._work.set()


def _tell(batch: Iterable[_Waiter]) -> None:
    for waiter in batch:
        if not waiter.future.done():
            waiter.future.set_result(waiter.outcome or Outcome.UNAVAILABLE)
