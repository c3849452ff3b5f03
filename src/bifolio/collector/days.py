"""Which day an instant belongs to. Standard library only."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_QUARTER_HOUR_S = 15 * 60


def day_of(instant: float, time_zone: str) -> str:
    """Return the day (``YYYY-MM-DD``) of Unix seconds ``instant`` in an IANA zone; an unknown zone is UTC."""
    # Every zone in use today is a multiple of a quarter hour off UTC, so no day begins within one.
    return _day_of_quarter_hour(int(instant // _QUARTER_HOUR_S), time_zone)


@lru_cache(maxsize=1024)
def _day_of_quarter_hour(quarter_hour: int, time_zone: str) -> str:
    return datetime.fromtimestamp(quarter_hour * _QUARTER_HOUR_S, _zone(time_zone)).date().isoformat()


@lru_cache(maxsize=1024)
def _zone(time_zone: str) -> tzinfo:
    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        return UTC
