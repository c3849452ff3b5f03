"""Questions about jobs and workers, for health, metrics and the command line."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bifolio.infra.jobs.models import Job, JobState, Worker

_ALIVE_WITHIN = timedelta(seconds=15)


def is_any_worker_alive(queue: str) -> bool:
    """Whether some worker of ``queue``, on any machine, has given a sign of life within 15 s."""
    return any(queue in queues.split(",") for queues in _seen().values_list("queues", flat=True))


def job_counts() -> dict[tuple[str, str], int]:
    """Return how many jobs there are by queue and state."""
    counted = Job.objects.values_list("queue", "state").annotate(jobs=Count("pk"))
    return {(queue, state): jobs for queue, state, jobs in counted}


def workers_alive() -> int:
    """Return how many workers, on all machines, have given a sign of life within 15 s."""
    return _seen().count()


@dataclass(frozen=True, slots=True)
class Demand:
    """What a queue asks of its workers, seen from the jobs about one thing.

    ``idle`` workers have nothing to do and nothing to come. ``others_waiting`` says that jobs about
    other things are due. ``running`` are the jobs about this thing that run, oldest first.
    """

    workers: int
    idle: int
    others_waiting: bool
    running: list[int]

    def is_behind(self, job_id: int, at_most: int) -> bool:
        """Whether ``at_most`` jobs about the same thing, or more, run and are older than this one."""
        return sum(other < job_id for other in self.running) >= at_most


def demand(queue: str, about: dict[str, Any]) -> Demand:
    """Return what ``queue`` asks of its workers; ``about`` is the part of the payload that makes jobs kin."""
    jobs = Job.objects.filter(queue=queue)
    kin = {f"payload__{name}": value for name, value in about.items()}
    due = jobs.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), state=JobState.QUEUED)
    running = jobs.filter(state=JobState.RUNNING)
    workers = sum(queue in queues.split(",") for queues in _seen().values_list("queues", flat=True))
    return Demand(
        workers,
        max(0, workers - running.count() - due.count()),
        due.exclude(**kin).exists(),
        list(running.filter(**kin).order_by("id").values_list("pk", flat=True)),
    )


def _seen() -> QuerySet[Worker]:
    return Worker.objects.filter(last_seen_at__gte=timezone.now() - _ALIVE_WITHIN)
