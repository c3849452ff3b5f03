from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bifolio.collector.app import open_ledger
from bifolio.collector.beacons import Claim, read_claim
from bifolio.stats.queries import (
    CountsOfPage,
    CountsOfReading,
    flipbook_counts,
    page_counts,
    workspace_counts,
)
from tests.counting import KEY, assert_sums_agree, beacon, make_token
from tests.live_database import Installation

FIRST, SECOND, THIRD = date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)


def visit_on(day: date, *, flipbook_id: int = 2, zone: str = "UTC") -> Claim:
    """Return the claim of 10 s on page 1 and 2, with one click on page 2, at noon UTC."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    token = make_token(flipbook_id=flipbook_id, issued_at=int(noon) - 60, time_zone=zone)
    body = beacon(token, 1, 10.4, 3, [[1, 6.2, 1, 0], [2, 4.2, 2, 1]])
    return read_claim(body, key=KEY, now=noon, max_pages=1000)[0]


@pytest.fixture
def three_days(installation: Installation) -> None:
    ledger = open_ledger(installation.database_url)
    ledger.settle([visit_on(FIRST), visit_on(SECOND), visit_on(SECOND), visit_on(THIRD)])
    ledger.settle([visit_on(THIRD, flipbook_id=9)])
    ledger.close()


@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize(
    ("start", "end", "visits"),
    [
        (None, None, 4),
        (FIRST, None, 4),
        (None, THIRD, 4),
        (SECOND, None, 3),
        (None, SECOND, 3),
        (SECOND, SECOND, 2),
        (FIRST, SECOND, 3),
        (date(2026, 2, 2), None, 0),
        (None, date(2025, 1, 1), 0),
    ],
)
def test_days_are_included_at_both_ends(start: date | None, end: date | None, visits: int) -> None:
    expected = CountsOfReading(visits, 3 * visits, 10 * visits, 0)
    assert flipbook_counts(2, start=start, end=end) == expected
    pages = page_counts(2, 3, start=start, end=end)
    assert pages == [
        CountsOfPage(1, visits, 0, 6 * visits),
        CountsOfPage(2, 2 * visits, visits, 4 * visits),
        CountsOfPage(3),
    ]


@pytest.mark.usefixtures("three_days")
def test_a_workspace_has_the_sum_of_its_flipbooks() -> None:
    assert workspace_counts(1) == CountsOfReading(5, 15, 50, 0) == assert_sums_agree()


@pytest.mark.usefixtures("three_days")
def test_pages_beyond_the_current_edition_are_left_out() -> None:
    assert [page.page for page in page_counts(2, 1)] == [1]
    assert page_counts(2, 0) == []


@pytest.mark.usefixtures("installation")
def test_what_nobody_read_has_zeros() -> None:
    assert workspace_counts(1) == flipbook_counts(2) == flipbook_counts(2, start=FIRST) == CountsOfReading()
    assert page_counts(2, 2) == page_counts(2, 2, end=THIRD) == [CountsOfPage(1), CountsOfPage(2)]


def test_a_day_is_the_workspaces(installation: Installation) -> None:
    ledger = open_ledger(installation.database_url)
    ledger.settle([visit_on(FIRST, zone="Pacific/Auckland")])
    ledger.close()
    assert flipbook_counts(2, end=FIRST).impressions == 0
    assert flipbook_counts(2, start=SECOND).impressions == 1


def test_no_question_reads_visits(installation: Installation) -> None:
    with CaptureQueriesContext(connection) as asked:
        workspace_counts(1)
        flipbook_counts(2)
        flipbook_counts(2, start=FIRST)
        page_counts(2, 9)
        page_counts(2, 9, end=THIRD)
    assert len(asked) == 5
    assert not any("stats_visit" in query["sql"] for query in asked.captured_queries)
