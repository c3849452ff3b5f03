"""A worker's heartbeat: keeps its lease, ends runs that must end, and takes over from the dead."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import DatabaseError, InterfaceError, connection

from bifolio.infra.jobs import leases
from bifolio.infra.jobs.leases import Lease
from bifolio.infra.jobs.models import Job, Worker
from bifolio.infra.jobs.presence import dead_owners, forget_owner
from bifolio.infra.jobs.run import JobRun

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerTiming:
    """How often a worker gives signs of life, and how soon it believes that another is gone.

    A lease is over when ``lease_beats`` own beats passed without one of its holder's: no clocks
    are compared, and while the database stands still nobody's lease runs out. ``poll_s`` is how
    often an idle worker looks by itself. A run that ignores its time-out for ``grace_s`` takes
    its process down with it.
    """

    beat_s: float = 3.0
    lease_beats: int = 5
    poll_s: float = 1.0
    grace_s: float = 15.0


@dataclass(slots=True)
class _Carried:
    lease: Lease
    run: JobRun
    deadline: float


class Heart:
    """The heartbeat of one worker, in a thread of its own between ``start`` and ``stop``."""

    def __init__(self, owner: str, queues: Sequence[str], folder: Path, timing: WorkerTiming) -> None:
        self._owner, self._queues, self._folder, self._timing = owner, queues, folder, timing
        self._carried: _Carried | None = None
        self._watched: dict[str, tuple[int, int]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once and take over from the dead at once, then go on in the background."""
        self._tick()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._thread.join()

    def carry(self, lease: Lease, run: JobRun) -> None:
        """Keep this lease alive from now on."""
        self._carried = _Carried(lease, run, time.monotonic() + lease.definition.timeout_s)

    def drop(self) -> None:
        """The run has ended."""
        self._carried = None

    def _live(self) -> None:
        while not self._stopped.wait(self._timing.beat_s):
            self._tick()
        connection.close()

    def _tick(self) -> None:
        carried = self._carried
        if carried is not None:
            self._end_overdue(carried)
        try:
            holds = leases.beat(self._owner, self._queues, carried.lease if carried else None)
            # The run may have ended between the two, and its lease with it.
            if carried is not None and not holds and self._carried is carried:
                log.warning("job lease lost", job_id=carried.lease.job_id)
                carried.run.cancelled.set()
            self._take_over_from_dead()
            self._take_over_from_silent()
        except (DatabaseError, InterfaceError) as error:
            log.warning("heartbeat failed", error=str(error))
            connection.close()

    def _end_overdue(self, carried: _Carried) -> None:
        overdue_s = time.monotonic() - carried.deadline
        if overdue_s > 0 and not carried.run.cancelled.is_set():
            log.warning("job out of time", job=carried.lease.definition.name, job_id=carried.lease.job_id)
            carried.run.cancelled.set()
        if overdue_s > self._timing.grace_s:
            log.error("job does not end, worker ends", job_id=carried.lease.job_id)
            os.kill(os.getpid(), signal.SIGKILL)

    def _take_over_from_dead(self) -> None:
        for owner in dead_owners(self._folder):
            for job in leases.running():
                if job.owner == owner:
                    self._take(job, "its worker died")
            Worker.objects.filter(owner=owner).delete()
            forget_owner(self._folder, owner)

    def _take_over_from_silent(self) -> None:
        jobs = [job for job in leases.running() if not self._is_carried(job)]
        watched = self._watched
        self._watched = {}
        for job in jobs:
            beats, silent_for = watched.get(job.lease_token, (job.beats, 0))
            silent_for = silent_for + 1 if beats == job.beats else 0
            if silent_for > self._timing.lease_beats:
                self._take(job, "its worker fell silent")
            else:
                self._watched[job.lease_token] = (job.beats, silent_for)

    def _is_carried(self, job: Job) -> bool:
        carried = self._carried
        return carried is not None and carried.lease.token == job.lease_token

    def _take(self, job: Job, reason: str) -> None:
        try:
            taken = leases.take_from(job, reason)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            # on_exhausted has a fault. It must not end the heartbeat, and is tried again.
            log.exception("job cannot be taken over", job=job.name, job_id=job.pk)
            return
        if taken:
            log.warning("job taken over", job=job.name, job_id=job.pk, owner=job.owner, reason=reason)
