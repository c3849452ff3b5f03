"""Call rates, exact over threads and processes."""

import gc
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bifolio.api import limits
from bifolio.api.limits import CallLog, Rates, address_bucket
from bifolio.api.statuses import WireProblem


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


@pytest.fixture
def log(tmp_path: Path) -> CallLog:
    return CallLog(tmp_path / "limits.sqlite3")


def refused(log: CallLog, bucket: str, rates: Rates) -> WireProblem:
    with pytest.raises(WireProblem) as refusal:
        log.count(bucket, rates)
    return refusal.value


def test_the_second_limit_slides(log: CallLog, clock: Clock) -> None:
    rates = Rates(2, None)
    log.count("a", rates)
    clock.now += 0.6
    log.count("a", rates)
    assert refused(log, "a", rates).status.code == 31
    clock.now += 0.5
    log.count("a", rates)
    assert refused(log, "a", rates).status.code == 31


def test_the_minute_limit_says_when_the_next_call_fits(log: CallLog, clock: Clock) -> None:
    rates = Rates(None, 3)
    for _ in range(3):
        log.count("a", rates)
        clock.now += 10
    refusal = refused(log, "a", rates)
    assert refusal.status.code == 32
    assert refusal.retry_after_s == 30
    clock.now += 30
    log.count("a", rates)
    assert refused(log, "a", rates).retry_after_s == 10


def test_refused_calls_do_not_count(log: CallLog, clock: Clock) -> None:
    rates = Rates(1, None)
    log.count("a", rates)
    for _ in range(10):
        clock.now += 0.05
        refused(log, "a", rates)
    clock.now += 0.6
    log.count("a", rates)


def test_the_second_limit_is_judged_before_the_minute_limit(log: CallLog, clock: Clock) -> None:
    assert clock.now
    log.count("a", Rates(1, 1))
    assert refused(log, "a", Rates(1, 1)).status.code == 31


def test_buckets_do_not_touch_each_other(log: CallLog) -> None:
    for bucket in ("key:a", "key:b", "address:a"):
        log.count(bucket, Rates(1, 1))


def test_without_limits_nothing_is_even_written(tmp_path: Path) -> None:
    CallLog(tmp_path / "limits.sqlite3").count("a", Rates(None, None))
    assert list(tmp_path.iterdir()) == []


def test_a_clock_set_back_locks_nobody_out(log: CallLog, clock: Clock) -> None:
    log.count("a", Rates(1, 1))
    clock.now -= 86_400
    log.count("a", Rates(1, 1))


def test_the_log_stays_small(log: CallLog, clock: Clock) -> None:
    for number in range(200):
        log.count(f"key:{number}", Rates(5, 60))
        clock.now += 1
    with log._file().in_use() as connection:
        assert connection.execute("SELECT count(*) FROM calls").fetchone()[0] <= 61


def test_a_damaged_log_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "limits.sqlite3"
    path.write_bytes(b"no database at all" * 1000)
    CallLog(path).count("a", Rates(1, 1))
    assert refused(CallLog(path), "a", Rates(1, 1)).status.code == 31


def damage(path: Path) -> None:
    """Write over a log that is open elsewhere, so that everybody's next look at it finds the damage."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("DELETE FROM calls")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.write(b"no database at all" * (path.stat().st_size // 18))


def test_a_log_damaged_in_mid_use_is_replaced_once_for_all_who_have_it_open(tmp_path: Path) -> None:
    path, rates = tmp_path / "limits.sqlite3", Rates(None, 3)
    logs = [CallLog(path) for _ in range(3)]
    for log in logs:
        log.count("before", rates)
    damage(path)
    for log in logs:
        log.count("a", rates)
    for log in [*logs, CallLog(path)]:
        assert refused(log, "a", rates).status.code == 32
    del logs, log
    gc.collect()
    assert refused(CallLog(path), "a", rates).status.code == 32
    assert len(list(tmp_path.glob("*.sqlite3"))) == 1


def test_a_torn_lock_file_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "limits.lock").write_bytes(b"\0" * 16)
    CallLog(tmp_path / "limits.sqlite3").count("a", Rates(1, 1))
    assert (tmp_path / "limits.sqlite3").exists()


def test_threads_together_never_pass_the_limit(log: CallLog) -> None:
    passed: list[int] = []

    def call(number: int) -> None:
        try:
            log.count("a", Rates(None, 20))
            passed.append(number)
        except WireProblem:
            pass

    threads = [threading.Thread(target=call, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 20


CALLER = """
import sys
from pathlib import Path
from bifolio.api.limits import CallLog, Rates
from bifolio.api.statuses import WireProblem
log, passed = CallLog(Path(sys.argv[1])), 0
for _ in range(40):
    try:
        log.count("a", Rates(None, 50)); passed += 1
    except WireProblem:
        pass
print(passed)
"""


@pytest.mark.parametrize("is_damaged", [False, True])
def test_processes_together_never_pass_the_limit(tmp_path: Path, *, is_damaged: bool) -> None:
    path = str(tmp_path / "limits.sqlite3")
    if is_damaged:
        Path(path).write_bytes(b"no database at all" * 1000)
    callers = [
        subprocess.Popen([sys.executable, "-c", CALLER, path], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    began_at = time.monotonic()
    passed = [int(caller.communicate(timeout=60)[0]) for caller in callers]
    assert time.monotonic() - began_at < 60
    assert sum(passed) == 50


def test_an_ipv6_client_is_its_network() -> None:
    assert address_bucket("2001:db8::1") == address_bucket("2001:db8::ffff:2") == "address:2001:db8::/64"
    assert address_bucket("192.0.2.1") == "address:192.0.2.1"
    assert address_bucket("") == "address:"
