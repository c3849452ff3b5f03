"""Questions about jobs and workers, for health, metrics and the command line."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from bifolio.infra.jobs.models import Job, Worker

_ALIVE_WITHIN = timedelta(seconds=15)


def is_any_worker_alive(queue: str) -> bool:
    """Whether some worker of ``queue``, on any machine, has given a sign of life within 15 s."""
    seen = Worker.objects.filter(last_seen_at__gte=timezone.now() - _ALIVE_WITHIN)
    return any(queue in queues.split(",") for queues in seen.values_list("queues", flat=True))


def job_counts() -> dict[tuple[str, str], int]:
    """Return how many jobs there are by queue and state."""
    counted = Job.objects.values_list("queue", "state").annotate(jobs=Count("pk"))
    return {(queue, state): jobs for queue, state, jobs in counted}


def workers_alive() -> int:
    """Return how many workers, on all machines, have given a sign of life within 15 s."""
    return Worker.objects.filter(last_seen_at__gte=timezone.now() - _ALIVE_WITHIN).count()
