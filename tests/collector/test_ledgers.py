import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from bifolio.collector.app import open_ledger
from bifolio.collector.beacons import Claim, read_claim
from bifolio.collector.errors import LedgerUnavailable
from bifolio.collector.ledger import Ledger, settle_claims
from bifolio.collector.statements import POSTGRESQL, SQLITE, SQLITE_NATIVE, Dialect
from bifolio.kernel.visit_token import VisitToken
from bifolio.stats.models import Visit
from bifolio.stats.queries import CountsOfReading, flipbook_counts, page_counts, workspace_counts
from tests.counting import KEY, assert_sums_agree, beacon, make_token
from tests.live_database import Installation
from tests.waiting import wait_until

DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}

REFUSING_WORKSPACE_666 = {
    "sqlite": (
        "CREATE TRIGGER refusing BEFORE INSERT ON stats_workspacetotal WHEN NEW.workspace_id = 666"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ),
    "postgresql": "ALTER TABLE stats_workspacetotal ADD CONSTRAINT refusing CHECK (workspace_id <> 666)",
}


def claim(token: VisitToken, seq: int, *, active: float = 0, views: int = 0, pages: int = 0) -> Claim:
    """Return the claim of a beacon, its first ``pages`` pages seen for the whole time."""
    listed: list[list[float]] = [[page, active, 1, seq] for page in range(1, pages + 1)]
    body = beacon(token, seq, active, views, listed)
    return read_claim(body, key=KEY, now=time.time(), max_pages=1000)[0]


def story(chance: random.Random) -> list[Claim]:
    """Return the claims of ten visits to three flipbooks of two workspaces, in the order of their making."""
    claims = []
    for _ in range(10):
        flipbook = chance.randint(1, 3)
        token = make_token(
            workspace_id=flipbook % 2 + 1, flipbook_id=flipbook, own_team=chance.random() < 0.2
        )
        claims += [claim(token, seq, active=seq * 9.5, views=seq, pages=seq) for seq in range(1, 7)]
    return claims


def test_a_batch_is_in_days_totals_and_visits(installation: Installation) -> None:
    ledger, token = open_ledger(installation.database_url), make_token()
    ledger.settle([claim(token, 1), claim(token, 2, active=12.7, views=3, pages=2), claim(make_token(), 1)])
    assert flipbook_counts(2) == workspace_counts(1) == CountsOfReading(2, 3, 12, 0)
    assert [(page.views, page.clicks, page.time_spent_s) for page in page_counts(2, 3)] == [
        (1, 2, 12),
        (1, 2, 12),
        (0, 0, 0),
    ]
    assert Visit.objects.get(visit_id=token.visit_id).seq == 2
    assert_sums_agree()
    ledger.close()


def test_order_repetition_and_batches_do_not_matter(installation: Installation) -> None:
    ledger, chance = open_ledger(installation.database_url), random.Random(7)
    last = story(chance)
    for batch in _shuffled_batches(last, chance):
        ledger.settle(batch)
    counts = assert_sums_agree()
    for batch in _shuffled_batches(last, chance):
        ledger.settle(batch)
    assert assert_sums_agree() == counts
    finals = [one for one in last if one.seq == 6 and one.token.workspace_id == 1 and not one.dropped]
    assert counts == CountsOfReading(len(finals), 6 * len(finals), 57 * len(finals), 0)
    ledger.close()


def _shuffled_batches(claims: list[Claim], chance: random.Random) -> list[list[Claim]]:
    twice = claims * 2
    chance.shuffle(twice)
    return [twice[at : at + 17] for at in range(0, len(twice), 17)]


def test_the_own_team_is_kept_and_not_counted(installation: Installation) -> None:
    ledger, token = open_ledger(installation.database_url), make_token(own_team=True)
    ledger.settle([claim(token, 1, active=30, views=9, pages=2)])
    visit = Visit.objects.get(visit_id=token.visit_id)
    assert (visit.dropped, visit.active_s, visit.views) == ("own_team", 30, 9)
    assert assert_sums_agree() == CountsOfReading(0, 0, 0, 0)
    ledger.close()


def test_many_collectors_write_the_same_rows_without_deadlock(installation: Installation) -> None:
    chance = random.Random(9)
    claims = story(chance)
    work = [_shuffled_batches(claims, chance) for _ in range(4)]
    ready = threading.Barrier(4)

    def collect(batches: list[list[Claim]]) -> None:
        ledger = open_ledger(installation.database_url)
        ready.wait()
        for batch in batches:
            ledger.settle(batch)
        ledger.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(collect, work))
    finals = [one for one in claims if one.seq == 6 and one.token.workspace_id == 1 and not one.dropped]
    assert assert_sums_agree() == CountsOfReading(len(finals), 6 * len(finals), 57 * len(finals), 0)


def test_two_collectors_never_grant_the_same_twice(installation: Installation) -> None:
    token, ledger = make_token(), open_ledger(installation.database_url)
    dialect = DIALECTS[connection.vendor]
    ledger.settle([claim(token, 1)])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            settle_claims(cursor, dialect, [claim(token, 2, active=10, views=2, pages=1)])
            other = pool.submit(_settle, installation, [claim(token, 3, active=15, views=3, pages=1)])
            wait_until(lambda: _is_waiting(other))
        other.result()
    assert assert_sums_agree() == CountsOfReading(1, 3, 15, 0)
    ledger.close()


def _settle(installation: Installation, claims: list[Claim]) -> None:
    ledger = open_ledger(installation.database_url)
    ledger.settle(claims)
    ledger.close()


def _is_waiting(other: Future[None]) -> bool:
    """Tell whether another waits for a lock of ours (of SQLite we only know that it has begun)."""
    if connection.vendor == "sqlite":
        return other.running()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("dialect", [SQLITE_NATIVE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_every_writer_takes_rows_in_one_order(dialect: Dialect) -> None:
    chance = random.Random(3)
    tokens = [make_token(workspace_id=9 - number % 4, flipbook_id=99 - number) for number in range(30)]
    claims = [claim(token, 1, active=5, views=1, pages=9) for token in tokens]
    orders = []
    for _ in range(3):
        chance.shuffle(claims)
        cursor = RecordingCursor()
        settle_claims(cursor, dialect, claims)
        orders.append(cursor.executed)
    assert orders[0] == orders[1] == orders[2]


class RecordingCursor:
    """Keeps what was executed; finds no rows."""

    def __init__(self) -> None:
        self.executed: list[object] = []

    def execute(self, sql: Any, params: Any = (), /) -> None:
        self.executed.append((sql, params))

    def fetchall(self) -> list[Any]:
        return []


def test_a_failed_batch_leaves_nothing_behind(installation: Installation) -> None:
    ledger, good, damaged = open_ledger(installation.database_url), make_token(), make_token()
    ledger.settle([claim(damaged, 1)])
    Visit.objects.filter(visit_id=damaged.visit_id).update(pages="not JSON")
    before = workspace_counts(1)
    assert not isinstance(_failure_of(ledger, [claim(good, 1), claim(damaged, 2)]), LedgerUnavailable | None)
    assert workspace_counts(1) == before
    ledger.settle([claim(good, 1)])
    assert workspace_counts(1).impressions == before.impressions + 1
    ledger.close()


def test_a_batch_that_fails_at_its_last_statement_leaves_nothing_behind(installation: Installation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFUSING_WORKSPACE_666[connection.vendor])
    ledger = open_ledger(installation.database_url)
    refused = claim(make_token(workspace_id=666), 1, active=9, pages=2)
    failure = _failure_of(ledger, [claim(make_token(), 1, active=9, pages=2), refused])
    assert not isinstance(failure, LedgerUnavailable | None)
    assert Visit.objects.count() == 0
    assert assert_sums_agree() == CountsOfReading(0, 0, 0, 0)
    ledger.settle([claim(make_token(), 1)])
    ledger.close()
    assert assert_sums_agree().impressions == 1


def _failure_of(ledger: Ledger, claims: list[Claim]) -> Exception | None:
    try:
        ledger.settle(claims)
    except Exception as error:  # noqa: BLE001 - the test looks at what came
        return error
    return None


def test_a_lost_connection_is_made_anew(installation: Installation) -> None:
    ledger, token = open_ledger(installation.database_url), make_token()
    ledger.settle([claim(token, 1)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'bifolio-collector' AND datname = current_database()"
            )
        assert isinstance(_failure_of(ledger, [claim(token, 2)]), LedgerUnavailable)
    else:
        ledger.close()
    ledger.settle([claim(token, 2, views=1)])
    assert assert_sums_agree().views == 1
    ledger.close()


def test_a_database_that_is_not_there_may_come_later(tmp_path: object) -> None:
    urls = (f"sqlite:///{tmp_path}/none/bifolio.sqlite3", "postgresql://bifolio@127.0.0.1:1/none")
    failures = [_failure_of(open_ledger(url), [claim(make_token(), 1)]) for url in urls]
    assert [type(failure) for failure in failures] == [LedgerUnavailable, LedgerUnavailable]


def test_tables_that_are_not_there_may_come_later(tmp_path: object) -> None:
    ledger = open_ledger(f"sqlite:///{tmp_path}/bifolio.sqlite3")
    assert isinstance(_failure_of(ledger, [claim(make_token(), 1)]), LedgerUnavailable)
    ledger.close()
