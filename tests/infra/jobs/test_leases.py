import pytest

from bifolio.infra.jobs import enqueue, leases
from bifolio.infra.jobs.leases import FREE_SHUTDOWNS, Lease
from bifolio.infra.jobs.models import Job, JobState
from tests.infra.jobs import sample_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(tmp_path: object) -> None:
    enqueue(sample_jobs.note, {"path": str(tmp_path), "line": ""})


def claim() -> Lease:
    Job.objects.update(not_before=None)
    lease = leases.claim("tester", [sample_jobs.note.queue])
    assert lease is not None
    return lease


def state() -> str:
    return Job.objects.get().state


def test_shutdowns_without_progress_cost_attempts_in_the_end() -> None:
    for _ in range(FREE_SHUTDOWNS + sample_jobs.note.max_attempts - 1):
        leases.give_back(claim())
        assert state() == JobState.QUEUED
    leases.give_back(claim())
    assert state() == JobState.FAILED


def test_failures_with_progress_in_between_never_end_a_job() -> None:
    for _ in range(3 * sample_jobs.note.max_attempts):
        lease = claim()
        leases.run_of(lease).note_progress()
        leases.fail(lease, "again")
        assert state() == JobState.QUEUED


def test_shutdowns_with_progress_in_between_never_end_a_job() -> None:
    for _ in range(3 * FREE_SHUTDOWNS):
        lease = claim()
        leases.run_of(lease).note_progress()
        leases.give_back(lease)
        assert state() == JobState.QUEUED


def test_failures_without_progress_end_a_job() -> None:
    for _ in range(sample_jobs.note.max_attempts):
        assert state() == JobState.QUEUED
        leases.fail(claim(), "again")
    assert state() == JobState.FAILED


def test_a_lost_lease_fails_nobody_elses_job() -> None:
    lease = claim()
    assert leases.take_from(Job.objects.get(), "silent")
    claim()
    leases.fail(lease, "late")
    assert state() == JobState.RUNNING
