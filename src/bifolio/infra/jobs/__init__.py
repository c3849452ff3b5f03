"""Background jobs: one facade, one lease-table engine.

A job runs at least once, so what it does must be harmless when done twice; everything that it
writes to the database goes through ``run.check_lease()`` in the same transaction, so that a worker
that was frozen or cut off can never undo what its successor has done.
"""

from bifolio.infra.jobs.definition import JobDefinition, job
from bifolio.infra.jobs.errors import JobInterrupted, LeaseLost
from bifolio.infra.jobs.queue import enqueue
from bifolio.infra.jobs.run import JobRun

__all__ = ["JobDefinition", "JobInterrupted", "JobRun", "LeaseLost", "enqueue", "job"]
