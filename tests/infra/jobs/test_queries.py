from datetime import timedelta

import pytest
from django.utils import timezone

from bifolio.infra.jobs import LeaseLost, enqueue, leases
from bifolio.infra.jobs.leases import Lease
from bifolio.infra.jobs.models import Job, Worker
from bifolio.infra.jobs.queries import demand
from tests.infra.jobs import sample_jobs

pytestmark = pytest.mark.django_db
QUEUE = sample_jobs.note.queue
KIN = {"path": "here"}


def queue(path: str = "here", **options: object) -> None:
    enqueue(sample_jobs.note, {"path": path, "line": ""}, **options)  # type: ignore[arg-type]


def claim() -> Lease:
    lease = leases.claim("tester", [QUEUE])
    assert lease is not None
    return lease


def have_workers(count: int) -> None:
    for number in range(count):
        Worker.objects.create(owner=f"{number}", queues=f"other,{QUEUE}", last_seen_at=timezone.now())


def test_workers_without_work_are_idle_less_the_jobs_that_are_due() -> None:
    have_workers(4)
    queue()
    claim()
    queue()
    queue(run_at=timezone.now() + timedelta(hours=1))
    assert demand(QUEUE, KIN).workers == 4
    assert demand(QUEUE, KIN).idle == 2


def test_workers_of_other_queues_and_silent_ones_do_not_count() -> None:
    Worker.objects.create(owner="a", queues="other", last_seen_at=timezone.now())
    Worker.objects.create(owner="b", queues=QUEUE, last_seen_at=timezone.now() - timedelta(seconds=20))
    assert demand(QUEUE, KIN).workers == 0


def test_only_due_jobs_about_other_things_wait() -> None:
    queue()
    queue("there", run_at=timezone.now() + timedelta(hours=1))
    assert not demand(QUEUE, KIN).others_waiting
    queue("there")
    assert demand(QUEUE, KIN).others_waiting


def test_a_job_is_behind_older_ones_about_the_same_thing() -> None:
    queue()
    queue()
    queue("there")
    first, second, other = claim(), claim(), claim()
    seen = demand(QUEUE, KIN)
    assert seen.running == [first.job_id, second.job_id]
    assert seen.is_behind(second.job_id, at_most=1)
    assert not seen.is_behind(second.job_id, at_most=2)
    assert not seen.is_behind(first.job_id, at_most=1)
    assert not demand(QUEUE, {"path": "there"}).is_behind(other.job_id, at_most=1)


def test_a_changed_payload_is_what_the_next_attempt_gets() -> None:
    queue()
    lease = claim()
    leases.run_of(lease).change_payload({"path": "here", "line": "less"})
    leases.fail(lease, "died")
    skip_pauses()
    assert claim().payload == {"path": "here", "line": "less"}


def test_a_lost_lease_changes_no_payload() -> None:
    queue()
    lease = claim()
    leases.finish(lease)
    with pytest.raises(LeaseLost):
        leases.run_of(lease).change_payload({"path": "here", "line": "less"})


def test_a_payload_that_the_job_does_not_take_is_refused() -> None:
    queue()
    with pytest.raises(TypeError):
        leases.run_of(claim()).change_payload({"page": 1})


def skip_pauses() -> None:
    """Let every job be due at once."""

    Job.objects.update(not_before=None)
