"""Run jobs in the calling thread, without a heartbeat: for tests, and for short jobs of one command."""

from collections.abc import Sequence

from bifolio.infra.jobs import leases
from bifolio.infra.jobs.definition import discover_jobs
from bifolio.infra.jobs.leases import Lease


def run_due_jobs(queues: Sequence[str]) -> int:
    """Run what is due in ``queues`` until nothing is. Return how many runs there were.

    The first exception of a job is raised again, after the job's row has been settled.
    """
    discover_jobs()
    runs = 0
    while (lease := leases.claim("inline", queues)) is not None:
        _run(lease)
        runs += 1
    return runs


def _run(lease: Lease) -> None:
    run = leases.run_of(lease)
    try:
        lease.definition.function(run, **lease.payload)
    except Exception as error:
        leases.fail(lease, f"{type(error).__name__}: {error}")
        raise
    leases.finish(lease)
