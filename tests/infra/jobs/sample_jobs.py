"""Jobs whose effects can be seen from outside: each appends lines to the file ``path``."""

import os
import signal
from pathlib import Path

from django.db import transaction

from bifolio.infra.jobs import JobRun, job


def append(path: str, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def exhausted(*, path: str, **_: object) -> None:
    append(path, "exhausted")


def _wait(path: str, run: JobRun, *, is_polite: bool) -> None:
    go = Path(f"{path}.go")
    while not go.exists():
        if run.cancelled.wait(0.01) and is_polite:
            run.raise_if_cancelled()


@job(queue="test")
def note(run: JobRun, *, path: str, line: str) -> None:
    append(path, line)


@job(queue="other")
def note_elsewhere(run: JobRun, *, path: str, line: str) -> None:
    append(path, line)


@job(queue="test", on_exhausted=exhausted, backoff_s=0.01)
def hold(run: JobRun, *, path: str) -> None:
    """Wait for the file ``path.go``, then end under the lease."""
    append(path, f"begin {run.attempt} in {os.getpid()}")
    _wait(path, run, is_polite=True)
    with transaction.atomic():
        run.check_lease()
        append(path, "end")


@job(queue="test", timeout_s=0.2, max_attempts=2, backoff_s=0.01, on_exhausted=exhausted)
def overrun(run: JobRun, *, path: str, is_polite: bool) -> None:
    append(path, f"begin {run.attempt}")
    _wait(path, run, is_polite=is_polite)


@job(queue="test")
def stubborn(run: JobRun, *, path: str) -> None:
    append(path, f"begin {run.attempt}")
    _wait(path, run, is_polite=False)
    with transaction.atomic():
        run.check_lease()
        append(path, "end")


@job(queue="test", max_attempts=3, backoff_s=0.01, on_exhausted=exhausted)
def explode(run: JobRun, *, path: str) -> None:
    append(path, f"begin {run.attempt}")
    raise ZeroDivisionError("as it must")


@job(queue="test", max_attempts=2, backoff_s=3600)
def explode_slowly(run: JobRun, *, path: str) -> None:
    append(path, f"begin {run.attempt}")
    raise ZeroDivisionError("as it must")


@job(queue="test", max_attempts=2, on_exhausted=exhausted)
def kill_worker(run: JobRun, *, path: str) -> None:
    append(path, f"begin {run.attempt}")
    os.kill(os.getpid(), signal.SIGKILL)


def faulty_exhausted(*, path: str) -> None:
    if not Path(f"{path}.mended").exists():
        append(path, "fault")
        raise ZeroDivisionError("a fault in on_exhausted")
    append(path, "exhausted")


@job(queue="test", max_attempts=1, on_exhausted=faulty_exhausted)
def explode_faultily(run: JobRun, *, path: str) -> None:
    raise ZeroDivisionError("as it must")
