from datetime import UTC, datetime

import pytest

from bifolio.collector.days import day_of


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-03-01T23:30", "UTC", "2026-03-01"),
        ("2026-03-01T23:30", "Europe/Berlin", "2026-03-02"),
        ("2026-03-01T23:30", "America/Los_Angeles", "2026-03-01"),
        ("2026-03-01T18:14", "Asia/Kathmandu", "2026-03-01"),
        ("2026-03-01T18:15", "Asia/Kathmandu", "2026-03-02"),
        ("2026-03-29T21:59", "Europe/Berlin", "2026-03-29"),
        ("2026-03-29T22:00", "Europe/Berlin", "2026-03-30"),
        ("2026-03-01T23:30", "Mars/Olympus", "2026-03-01"),
        ("2026-03-01T23:30", "../../etc/passwd", "2026-03-01"),
        ("2026-03-01T23:30", "Europe", "2026-03-01"),
        ("2026-03-01T23:30", "", "2026-03-01"),
    ],
)
def test_it_names_the_day_of_the_zone(instant: str, zone: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(instant).replace(tzinfo=UTC).timestamp(), zone) == day
