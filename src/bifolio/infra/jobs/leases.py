"""Who runs which job: every change of a job's row. Each compares the lease's token and swaps.

So of two workers that want the same change, one finds nothing to change.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from bifolio.infra.jobs.definition import JobDefinition, defined_names, definition_of
from bifolio.infra.jobs.doorbell import ring_doorbells
from bifolio.infra.jobs.errors import LeaseLost
from bifolio.infra.jobs.models import Job, JobState, Worker
from bifolio.infra.jobs.run import JobRun

FREE_SHUTDOWNS = 5
"""So many shutdowns without progress in between cost a job no attempt."""
_LONGEST_ERROR = 2000
_WORKERS_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job, as long as its row carries ``token``."""

    job_id: int
    token: str
    definition: JobDefinition
    payload: dict[str, Any]
    attempt: int

    @property
    def row(self) -> QuerySet[Job]:
        """Select the job's row while the lease holds."""
        return Job.objects.filter(pk=self.job_id, lease_token=self.token, state=JobState.RUNNING)


def claim(owner: str, queues: Sequence[str]) -> Lease | None:
    """Take the next job that is due. The attempt counts from now on, whatever comes of it."""
    due = Job.objects.filter(
        Q(not_before=None) | Q(not_before__lte=timezone.now()),
        state=JobState.QUEUED,
        queue__in=queues,
        name__in=defined_names(),
    ).order_by("-priority", "id")
    # A look without the write lock first, because mostly there is nothing to do.
    if not due.exists():
        return None
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state, job.owner = JobState.RUNNING, owner
        job.lease_token, job.beats = secrets.token_hex(16), 0
        job.attempts += 1
        job.save(update_fields=["state", "owner", "lease_token", "beats", "attempts"])
    return Lease(job.pk, job.lease_token, definition_of(job.name), job.payload, job.attempts)


def confirm(lease: Lease) -> None:
    """Raise LeaseLost unless the lease holds; it then does until the caller's transaction ends."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("check_lease belongs into the transaction that writes")
    if not list(lease.row.select_for_update().values_list("pk")):
        raise LeaseLost(lease.job_id)


def rewrite_payload(lease: Lease, payload: dict[str, Any]) -> None:
    """Change what the job is to do. Raises LeaseLost, and TypeError as ``enqueue`` does."""
    lease.definition.check_payload(payload)
    if not lease.row.update(payload=payload):
        raise LeaseLost(lease.job_id)


def forget_attempts(lease: Lease) -> None:
    """Count the running attempt as the first."""
    lease.row.update(attempts=1, times_given_back=0)


def run_of(lease: Lease) -> JobRun:
    """Return the attempt that a lease gives the right to."""
    return JobRun(
        lease.job_id,
        lease.attempt,
        lease.definition.max_attempts,
        lambda: confirm(lease),
        lambda payload: rewrite_payload(lease, payload),
        lambda: forget_attempts(lease),
    )


def beat(owner: str, queues: Sequence[str], lease: Lease | None) -> bool:
    """Say a sign of life. Return whether the lease still holds (or there is none)."""
    with transaction.atomic():
        Worker.objects.update_or_create(
            owner=owner, defaults={"queues": ",".join(queues), "last_seen_at": timezone.now()}
        )
        return lease is None or lease.row.update(beats=F("beats") + 1) == 1


def leave(owner: str) -> None:
    """Take the worker's sign of life back, and those of workers that nobody has seen for a day."""
    Worker.objects.filter(Q(owner=owner) | Q(last_seen_at__lt=timezone.now() - _WORKERS_KEPT_FOR)).delete()


def finish(lease: Lease) -> None:
    """Forget the job: it is done."""
    lease.row.delete()


def fail(lease: Lease, error: str) -> None:
    """Queue the job again after its delay; after the last attempt it is failed for good."""
    attempts = lease.row.values_list("attempts", flat=True).first()
    if attempts is None:
        return
    if attempts >= lease.definition.max_attempts:
        exhaust(lease, error)
        return
    delay = timedelta(seconds=lease.definition.delay_s(attempts))
    lease.row.update(
        state=JobState.QUEUED,
        not_before=timezone.now() + delay,
        lease_token="",
        owner="",
        last_error=error[:_LONGEST_ERROR],
    )


def exhaust(lease: Lease, error: str) -> None:
    """Mark the job failed and tell the domain, both or neither."""
    with transaction.atomic():
        changed = lease.row.update(
            state=JobState.FAILED, failed_at=timezone.now(), lease_token="", last_error=error[:_LONGEST_ERROR]
        )
        if changed and lease.definition.on_exhausted is not None:
            lease.definition.on_exhausted(**lease.payload)


def give_back(lease: Lease) -> None:
    """Queue the job again because its worker shuts down; the first times this costs no attempt.

    Not for ever, so that a job which makes its worker shut down ends as well.
    """
    with transaction.atomic():
        job = lease.row.select_for_update().first()
        if job is None:
            return
        if job.times_given_back < FREE_SHUTDOWNS:
            job.attempts -= 1
        elif job.attempts >= lease.definition.max_attempts:
            exhaust(lease, "given back at every shutdown")
            return
        job.times_given_back += 1
        job.state, job.owner, job.lease_token = JobState.QUEUED, "", ""
        job.save(update_fields=["state", "owner", "lease_token", "attempts", "times_given_back"])
    ring_doorbells()


def running() -> list[Job]:
    """Return every job that some worker holds and this process knows."""
    return list(Job.objects.filter(state=JobState.RUNNING, name__in=defined_names()))


def take_from(job: Job, reason: str) -> bool:
    """Take a job from a worker that is dead or frozen. Return whether this call did it.

    It may start again at once; when it was the last attempt the job is failed.
    """
    lease = Lease(job.pk, job.lease_token, definition_of(job.name), job.payload, job.attempts)
    if job.attempts >= lease.definition.max_attempts:
        exhaust(lease, reason)
        return True
    taken = lease.row.update(
        state=JobState.QUEUED, not_before=None, lease_token="", owner="", last_error=reason
    )
    if taken:
        ring_doorbells()
    return taken == 1
