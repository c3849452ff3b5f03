"""What a reader was told is counted is counted, once, whatever dies in between."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from bifolio.stats.models import Visit
from bifolio.stats.queries import CountsOfReading
from tests.collector.reader import CollectorProcess, Reader, running_collector
from tests.counting import assert_sums_agree, beacon, make_token
from tests.live_database import Installation
from tests.waiting import wait_until

READERS = 8


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.faults)])
def test_every_acknowledged_beacon_is_counted_once_over_kill_9(
    installation: Installation, kills: int
) -> None:
    chance = random.Random(kills)
    with running_collector(installation) as collector:
        readers = [collector.reader() for _ in range(READERS)]
        for _ in range(kills):
            _read_until_killed(collector, readers, chance.randint(1, 400))
            _assert_acknowledged(readers)
            collector.start()
        for reader in readers:
            assert reader.repeat() == 204
        _assert_exact(readers)


def _read_until_killed(collector: CollectorProcess, readers: list[Reader], after_answers: int) -> None:
    """Let all read at once, and kill the collector when so many beacons were answered."""
    answers, enough = [0], threading.Event()

    def read(reader: Reader) -> None:
        while reader.read_on() == 204:
            answers[0] += 1
            if answers[0] >= after_answers:
                enough.set()

    with ThreadPoolExecutor(len(readers)) as pool:
        reading = [pool.submit(read, reader) for reader in readers]
        assert enough.wait(60)
        collector.kill()
        for one in reading:
            one.result()


def _assert_acknowledged(readers: list[Reader]) -> None:
    """Check that each visit stands at a beacon that was sent, no older than the last acknowledged one."""
    assert_sums_agree()
    stored = {visit.visit_id: visit for visit in Visit.objects.all()}
    for reader in readers:
        if reader.acknowledged_seq:
            visit = stored[reader.token.visit_id]
            assert reader.acknowledged_seq <= visit.seq <= reader.seq
            assert visit.active_s == visit.views == visit.seq


def _assert_exact(readers: list[Reader]) -> None:
    total = sum(reader.seq for reader in readers)
    assert assert_sums_agree() == CountsOfReading(len(readers), total, total, 0)


def test_forged_and_malformed_beacons_change_nothing(installation: Installation) -> None:
    with running_collector(installation) as collector:
        reader = collector.reader()
        for body in (b"{", b"[]", beacon("forged.token", 1, 10, 3)):
            assert reader.post(body).status == 400
        assert reader.post(b" " * 40_000).status == 413
    assert Visit.objects.count() == 0
    assert assert_sums_agree() == CountsOfReading(0, 0, 0, 0)


def test_a_beacon_of_absurd_numbers_counts_as_wall_time(installation: Installation) -> None:
    token = make_token(issued_at=int(time.time()) - 30)
    with running_collector(installation) as collector:
        reader = collector.reader()
        body = beacon(token, 1, 1e9, 10**9, [[1, 1e9, 10**9, 10**9], [9999, 1e9, 1, 1]])
        assert reader.post(body).status == 204
    counts = assert_sums_agree()
    assert 30 <= counts.time_spent_s <= 40
    assert counts.views <= 400


@pytest.mark.parametrize("locked_s", [7, pytest.param(30, marks=pytest.mark.faults)])
def test_a_locked_database_answers_503_and_loses_nothing(installation: Installation, locked_s: float) -> None:
    with running_collector(installation) as collector:
        readers = [collector.reader() for _ in range(READERS)]
        for reader in readers:
            assert reader.read_on() == 204
        with _locked():
            _assert_sent_away(readers, time.monotonic() + locked_s)
        for reader in readers:
            wait_until(lambda: reader.repeat() == 204)  # noqa: B023 - called at once
        _assert_exact(readers)


@contextmanager
def _locked() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE stats_visit IN ACCESS EXCLUSIVE MODE")
        else:
            cursor.execute("UPDATE stats_workspacetotal SET views = views")
        yield


def _assert_sent_away(readers: list[Reader], until: float) -> None:
    """Check that everyone who reads on while the lock lasts is told to come again."""

    def read(reader: Reader) -> None:
        while time.monotonic() < until:
            reader.seq += 1
            answer = reader.post(beacon(reader.token, reader.seq, reader.seq, reader.seq))
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")

    with ThreadPoolExecutor(len(readers)) as pool:
        list(pool.map(read, readers))


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgres"], indirect=True)
def test_connections_cut_under_load_lose_nothing(installation: Installation) -> None:
    with running_collector(installation) as collector:
        readers = [collector.reader() for _ in range(READERS)]
        stop = threading.Event()

        def read(reader: Reader) -> None:
            while not stop.is_set():
                assert reader.read_on() == 204

        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(read, reader) for reader in readers]
            for _ in range(5):
                seen = readers[0].acknowledged_seq
                wait_until(lambda: readers[0].acknowledged_seq > seen + 20)  # noqa: B023 - called at once
                _cut_connections()
            stop.set()
            for one in reading:
                one.result()
        _assert_exact(readers)


def _cut_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'bifolio-collector' AND datname = current_database()"
        )
