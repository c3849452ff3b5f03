"""Put jobs into the queue, in the transaction of the domain's write."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bifolio.infra.jobs.definition import JobDefinition
from bifolio.infra.jobs.doorbell import ring_doorbells


def enqueue(
    definition: JobDefinition,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    priority: int = 0,
    unique_key: str | None = None,
) -> None:
    """Queue a job: it exists if and only if the caller's transaction commits.

    ``payload`` is JSON. Higher ``priority`` runs first, then the older job. While a job with the
    same ``unique_key`` waits or runs, this does nothing. Raises TypeError on a payload that the
    job's function does not take.
    """
    from bifolio.infra.jobs.models import Job

    definition.check_payload(payload)
    row = Job(
        name=definition.name,
        queue=definition.queue,
        payload=payload,
        priority=priority,
        not_before=run_at,
        unique_key=unique_key,
    )
    Job.objects.bulk_create([row], ignore_conflicts=unique_key is not None)
    transaction.on_commit(ring_doorbells, robust=True)
