"""The loop of a worker: claim a job, run it, settle its row; wait for the doorbell when there is none."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from prometheus_client import Counter, Histogram

from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import leases
from bifolio.infra.jobs.definition import discover_jobs
from bifolio.infra.jobs.doorbell import ring, workers_folder
from bifolio.infra.jobs.errors import JobInterrupted, LeaseLost
from bifolio.infra.jobs.heart import Heart, WorkerTiming
from bifolio.infra.jobs.leases import Lease
from bifolio.infra.jobs.presence import Presence
from bifolio.infra.jobs.run import JobRun

log = structlog.get_logger(__name__)

JOB_RUNS = Counter("bifolio_job_runs", "Ended runs of jobs", ["job", "outcome"])
JOB_SECONDS = Histogram(
    "bifolio_job_seconds", "Duration of runs of jobs", ["job"], buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1200)
)


class JobWorker:
    """One worker: runs one job at a time until ``stop`` is called, from any thread."""

    def __init__(self, queues: Sequence[str], timing: WorkerTiming | None = None) -> None:
        self._queues = tuple(queues)
        self._timing = timing or WorkerTiming()
        self._presence = Presence(workers_folder(configuration().data))
        self._heart = Heart(
            self._presence.owner, self._queues, workers_folder(configuration().data), self._timing
        )
        self._stopping = threading.Event()
        self._running: tuple[Lease, JobRun] | None = None

    def run(self) -> None:
        """Work until told to stop. Errors of jobs and of the database never end it."""
        discover_jobs()
        with self._presence:
            self._heart.start()
            try:
                while not self._stopping.is_set():
                    if not self._work():
                        self._presence.bell.wait(self._timing.poll_s)
            finally:
                self._heart.stop()
                self._leave()

    def stop(self) -> None:
        """Let ``run`` return soon: the running job is told to end, and is given back if it does."""
        self._stopping.set()
        running = self._running
        if running is not None:
            running[1].cancelled.set()
        ring(self._presence.bell_path)

    def give_back_now(self) -> None:
        """Give the running job back although it does not end; what it still tries to write is refused."""
        running = self._running
        if running is not None:
            leases.give_back(running[0])

    def _work(self) -> bool:
        """Run one job if there is one. Return whether there was."""
        try:
            close_old_connections()
            lease = leases.claim(self._presence.owner, self._queues)
        except (DatabaseError, InterfaceError) as error:
            log.warning("no job can be claimed", error=str(error))
            connection.close()
            return False
        if lease is None:
            return False
        run = leases.run_of(lease)
        self._running = (lease, run)
        self._heart.carry(lease, run)
        try:
            if self._stopping.is_set():
                run.cancelled.set()
            self._attempt(lease, run)
        finally:
            self._heart.drop()
            self._running = None
        return True

    def _attempt(self, lease: Lease, run: JobRun) -> None:
        name, began_at = lease.definition.name, time.monotonic()
        log.info("job begins", job=name, job_id=lease.job_id, attempt=lease.attempt, payload=lease.payload)
        outcome, settle = self._call(lease, run)
        duration_s = time.monotonic() - began_at
        self._settle(settle)
        JOB_RUNS.labels(name, outcome).inc()
        JOB_SECONDS.labels(name).observe(duration_s)
        log.info("job ends", job=name, job_id=lease.job_id, outcome=outcome, duration_s=round(duration_s, 3))

    def _call(self, lease: Lease, run: JobRun) -> tuple[str, Callable[[], None]]:
        """Call the job's function. Return the outcome's name, and what that does to the row."""
        try:
            lease.definition.function(run, **lease.payload)
        except LeaseLost:
            return "lost", lambda: None
        except Exception as error:
            if self._stopping.is_set():
                return "given back", lambda: leases.give_back(lease)
            reason = "out of time" if run.cancelled.is_set() else f"{type(error).__name__}: {error}"
            is_surprise = not isinstance(error, JobInterrupted)
            log.warning("job failed", job_id=lease.job_id, reason=reason, exc_info=is_surprise)
            return "failed", lambda: leases.fail(lease, reason)
        return "done", lambda: leases.finish(lease)

    def _settle(self, settle: Callable[[], None]) -> None:
        """Write the outcome down, waiting for a database that is away."""
        while True:
            try:
                settle()
            except (DatabaseError, InterfaceError) as error:
                log.warning("job outcome cannot be written", error=str(error))
                connection.close()
                if self._stopping.wait(self._timing.poll_s):
                    return
            except Exception:
                # on_exhausted has a fault. The row stays, and the heartbeat tries again later.
                log.exception("job outcome cannot be written")
                return
            else:
                return

    def _leave(self) -> None:
        try:
            leases.leave(self._presence.owner)
        except (DatabaseError, InterfaceError) as error:
            log.warning("worker could not take leave", error=str(error))
        connection.close()


def run_worker(queues: Sequence[str], stop: threading.Event, timing: WorkerTiming | None = None) -> None:
    """Run a worker in this thread until ``stop`` is set."""
    worker = JobWorker(queues, timing)

    def stop_when_told() -> None:
        stop.wait()
        worker.stop()

    threading.Thread(target=stop_when_told, name="stop watcher", daemon=True).start()
    worker.run()
