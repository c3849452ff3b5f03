import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bifolio.infra.jobs import enqueue
from bifolio.infra.jobs.models import Job, JobState, Worker
from bifolio.infra.jobs.queries import is_any_worker_alive, job_counts
from tests.infra.jobs import sample_jobs
from tests.live_database import Installation
from tests.waiting import wait_until

StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(installation: Installation) -> Iterator[StartWorker]:
    started: list[subprocess.Popen[bytes]] = []

    def start(*queues: str) -> subprocess.Popen[bytes]:
        started.append(installation.start("tests.infra.jobs.worker_main", *queues))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "effects")


def effects(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except FileNotFoundError:
        return []


def go(path: str) -> None:
    Path(f"{path}.go").touch()


def begun(path: str, times: int = 1) -> Callable[[], bool]:
    return lambda: sum(line.startswith("begin") for line in effects(path)) >= times


def nothing_left() -> bool:
    return not Job.objects.exclude(state=JobState.FAILED).exists()


def test_a_job_runs_once_and_leaves_no_row(start_worker: StartWorker, path: str) -> None:
    start_worker()
    enqueue(sample_jobs.note, {"path": path, "line": "done"})
    wait_until(nothing_left)
    assert effects(path) == ["done"]


def test_a_job_exists_only_if_the_transaction_commits(start_worker: StartWorker, path: str) -> None:
    start_worker()

    def fail_after_enqueue() -> None:
        with transaction.atomic():
            enqueue(sample_jobs.note, {"path": path, "line": "rolled back"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_enqueue()
    enqueue(sample_jobs.note, {"path": path, "line": "committed"})
    wait_until(nothing_left)
    assert effects(path) == ["committed"]


def test_a_payload_that_does_not_fit_is_refused(installation: Installation) -> None:
    with pytest.raises(TypeError):
        enqueue(sample_jobs.note, {"path": "only"})


def test_priority_then_age_decide(start_worker: StartWorker, path: str) -> None:
    for line, priority in [("second", 0), ("third", 0), ("first", 5), ("last", -5)]:
        enqueue(sample_jobs.note, {"path": path, "line": line}, priority=priority)
    start_worker()
    wait_until(nothing_left)
    assert effects(path) == ["first", "second", "third", "last"]


def test_a_later_job_waits_for_its_time(start_worker: StartWorker, path: str) -> None:
    later = timezone.now() + timedelta(hours=1)
    enqueue(sample_jobs.note, {"path": path, "line": "later"}, run_at=later)
    enqueue(sample_jobs.note, {"path": path, "line": "now"})
    start_worker()
    wait_until(lambda: effects(path))
    Job.objects.update(not_before=timezone.now())
    wait_until(nothing_left)
    assert effects(path) == ["now", "later"]


def test_a_worker_serves_its_queues_only(start_worker: StartWorker, path: str) -> None:
    enqueue(sample_jobs.note_elsewhere, {"path": path, "line": "elsewhere"})
    enqueue(sample_jobs.note, {"path": path, "line": "here"})
    start_worker("test")
    wait_until(lambda: job_counts() == {("other", "queued"): 1})
    assert effects(path) == ["here"]
    start_worker("test", "other")
    wait_until(nothing_left)
    assert effects(path) == ["here", "elsewhere"]


def test_a_unique_key_is_queued_once_until_the_job_has_ended(start_worker: StartWorker, path: str) -> None:
    for _ in range(3):
        enqueue(sample_jobs.hold, {"path": path}, unique_key="one")
    start_worker()
    wait_until(begun(path))
    with transaction.atomic():
        enqueue(sample_jobs.hold, {"path": path}, unique_key="one")
        assert Job.objects.count() == 1
    go(path)
    wait_until(nothing_left)
    enqueue(sample_jobs.hold, {"path": path}, unique_key="one")
    wait_until(nothing_left)
    assert [line for line in effects(path) if line == "end"] == ["end", "end"]


def test_many_workers_run_each_job_once(start_worker: StartWorker, path: str) -> None:
    with transaction.atomic():
        for number in range(200):
            enqueue(sample_jobs.note, {"path": path, "line": str(number)})
    for _ in range(4):
        start_worker()
    wait_until(nothing_left, timeout_s=60)
    assert sorted(effects(path), key=int) == [str(number) for number in range(200)]


def test_kill_9_in_the_middle_is_taken_over(start_worker: StartWorker, path: str) -> None:
    enqueue(sample_jobs.hold, {"path": path})
    first = start_worker()
    wait_until(begun(path))
    start_worker()
    first.kill()
    wait_until(begun(path, 2))
    go(path)
    wait_until(nothing_left)
    assert [line.split(" in ")[0] for line in effects(path)] == ["begin 1", "begin 2", "end"]


def test_a_restart_takes_over_at_once(
    installation: Installation, start_worker: StartWorker, path: str
) -> None:
    enqueue(sample_jobs.hold, {"path": path})
    first = start_worker()
    wait_until(begun(path))
    first.kill()
    first.wait()
    go(path)
    start_worker()
    wait_until(nothing_left)
    assert effects(path)[-1] == "end"
    wait_until(lambda: Worker.objects.count() == 1)
    assert len(list((installation.data / "run" / "workers").glob("*.lock"))) == 1


def test_a_worker_on_another_machine_is_taken_over_when_it_falls_silent(
    installation: Installation, start_worker: StartWorker, path: str
) -> None:
    enqueue(sample_jobs.hold, {"path": path})
    first = start_worker()
    wait_until(begun(path))
    for lock in (installation.data / "run" / "workers").glob("*.lock"):
        lock.unlink()
    first.kill()
    first.wait()
    go(path)
    start_worker()
    wait_until(nothing_left)
    assert effects(path)[-1] == "end"


def test_a_frozen_worker_is_taken_over_and_refused_when_it_wakes(
    start_worker: StartWorker, path: str
) -> None:
    enqueue(sample_jobs.stubborn, {"path": path})
    frozen = start_worker()
    wait_until(begun(path))
    frozen.send_signal(signal.SIGSTOP)
    start_worker()
    wait_until(begun(path, 2))
    go(path)
    wait_until(nothing_left)
    enqueue(sample_jobs.note, {"path": path, "line": "after"})
    wait_until(nothing_left)
    frozen.send_signal(signal.SIGCONT)
    wait_until(lambda: Worker.objects.filter(owner__contains=f":{frozen.pid}:").exists())
    frozen.send_signal(signal.SIGTERM)
    assert frozen.wait(30) == 0
    assert effects(path) == ["begin 1", "begin 2", "end", "after"]


def test_a_failing_job_is_tried_again_and_then_failed(start_worker: StartWorker, path: str) -> None:
    start_worker()
    enqueue(sample_jobs.explode, {"path": path})
    wait_until(lambda: "exhausted" in effects(path))
    wait_until(lambda: Job.objects.get().state == JobState.FAILED)
    assert effects(path) == ["begin 1", "begin 2", "begin 3", "exhausted"]
    failed = Job.objects.get()
    assert failed.last_error == "ZeroDivisionError: as it must"
    assert failed.failed_at is not None


def test_a_failed_attempt_waits_before_the_next(start_worker: StartWorker, path: str) -> None:
    start_worker()
    enqueue(sample_jobs.explode_slowly, {"path": path})
    wait_until(lambda: Job.objects.get().not_before is not None)
    waiting = Job.objects.get()
    assert waiting.state == JobState.QUEUED
    assert waiting.not_before is not None
    assert timedelta(minutes=55) < waiting.not_before - timezone.now() < timedelta(minutes=65)


def test_delays_double_up_to_a_day() -> None:
    delays = [sample_jobs.explode_slowly.delay_s(attempt) / 3600 for attempt in (1, 2, 3, 4, 5, 6, 400)]
    assert delays == [1, 2, 4, 8, 16, 24, 24]


def test_a_job_that_kills_its_worker_ends_failed_and_the_queue_moves(
    start_worker: StartWorker, path: str
) -> None:
    enqueue(sample_jobs.kill_worker, {"path": path})
    enqueue(sample_jobs.note, {"path": path, "line": "good"})
    for _ in range(2):
        assert start_worker().wait(30) == -signal.SIGKILL
    start_worker()
    wait_until(lambda: "good" in effects(path))
    wait_until(nothing_left)
    assert sorted(effects(path)) == ["begin 1", "begin 2", "exhausted", "good"]
    assert Job.objects.get().last_error == "its worker died"


def test_a_fault_in_on_exhausted_ends_no_worker_and_is_tried_again(
    start_worker: StartWorker, path: str
) -> None:
    start_worker()
    enqueue(sample_jobs.explode_faultily, {"path": path})
    wait_until(lambda: effects(path).count("fault") >= 2)
    assert Job.objects.get().state == JobState.RUNNING
    Path(f"{path}.mended").touch()
    wait_until(lambda: Job.objects.get().state == JobState.FAILED)
    assert effects(path)[-1] == "exhausted"


def test_a_run_that_is_out_of_time_is_told_and_fails(start_worker: StartWorker, path: str) -> None:
    start_worker()
    enqueue(sample_jobs.overrun, {"path": path, "is_polite": True})
    wait_until(lambda: "exhausted" in effects(path))
    wait_until(lambda: Job.objects.get().state == JobState.FAILED)
    assert effects(path) == ["begin 1", "begin 2", "exhausted"]
    assert Job.objects.get().last_error == "out of time"


def test_a_run_that_ignores_its_time_out_takes_its_worker_down(start_worker: StartWorker, path: str) -> None:
    enqueue(sample_jobs.overrun, {"path": path, "is_polite": False})
    for _ in range(2):
        assert start_worker().wait(30) == -signal.SIGKILL
    start_worker()
    wait_until(lambda: "exhausted" in effects(path))
    assert effects(path) == ["begin 1", "begin 2", "exhausted"]


def test_sigterm_gives_the_job_back_without_an_attempt(start_worker: StartWorker, path: str) -> None:
    enqueue(sample_jobs.hold, {"path": path})
    for shutdown in (1, 2):
        worker = start_worker()
        wait_until(begun(path, shutdown))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    job = Job.objects.get()
    assert (job.state, job.attempts, job.times_given_back) == (JobState.QUEUED, 0, 2)
    go(path)
    start_worker()
    wait_until(nothing_left)
    assert [line.split(" in ")[0] for line in effects(path)] == ["begin 1", "begin 1", "begin 1", "end"]


def test_an_idle_worker_ends_at_once_and_leaves_no_trace(
    installation: Installation, start_worker: StartWorker
) -> None:
    worker = start_worker()
    wait_until(lambda: is_any_worker_alive("test"))
    assert not is_any_worker_alive("other")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert not Worker.objects.exists()
    assert os.listdir(installation.data / "run" / "workers") == []  # noqa: PTH208


def test_a_silent_worker_counts_as_dead(installation: Installation) -> None:
    Worker.objects.create(owner="o", queues="a,test", last_seen_at=timezone.now() - timedelta(seconds=20))
    assert not is_any_worker_alive("test")
    Worker.objects.update(last_seen_at=timezone.now() - timedelta(seconds=10))
    assert is_any_worker_alive("test")


def test_the_doorbell_wakes_an_idle_worker(
    monkeypatch: pytest.MonkeyPatch, start_worker: StartWorker, path: str
) -> None:
    monkeypatch.setenv("POLL_S", "3600")
    start_worker()
    wait_until(lambda: is_any_worker_alive("test"))
    enqueue(sample_jobs.note, {"path": path, "line": "rung"})
    wait_until(nothing_left)
    assert effects(path) == ["rung"]


def test_a_worker_survives_the_loss_of_its_connections(
    installation: Installation, start_worker: StartWorker, path: str
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to lose")
    start_worker()
    enqueue(sample_jobs.hold, {"path": path})
    wait_until(begun(path))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    go(path)
    wait_until(nothing_left)
    assert effects(path)[-1] == "end"
