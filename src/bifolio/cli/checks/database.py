"""Database and clock: whether the one answers, keeps what it acknowledges, and agrees on the time."""

from datetime import UTC, datetime

from django.db import connection

from bifolio.cli.checks.finding import Finding
from bifolio.cli.installation import migrate_if_behind

_LATE_S = 60
_RELEASED_AT = datetime(2026, 11, 1, tzinfo=UTC)
_SYNCHRONOUS_FULL = 2
_CLOCK_FIX = "Let the machine keep its time: apt-get install systemd-timesyncd"


def check_database() -> Finding:
    """Connect, migrate, take the write lock, and look at what makes acknowledged writes durable."""
    migrate_if_behind()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The write lock, given back at once: a second server on a broken file system shows here.
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
            return _judge_sqlite(_pragma("journal_mode"), _pragma("synchronous"))
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute("SHOW synchronous_commit")
        (commit,) = cursor.fetchone()
    return _judge_postgresql(str(version), str(commit))


def check_clock() -> Finding:
    """Compare the machine's clock with the database's, and with this version's age."""
    now = datetime.now(UTC)
    if now < _RELEASED_AT:
        return Finding.failed(
            "clock", f"{now:%Y-%m-%d %H:%M} UTC is before this version was made", _CLOCK_FIX
        )
    if connection.vendor == "sqlite":
        return Finding.ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (database_now,) = cursor.fetchone()
    apart_s = abs((datetime.now(UTC) - database_now).total_seconds())
    detail = f"{now:%Y-%m-%d %H:%M:%S} UTC, {apart_s:.1f} s apart from the database's"
    return Finding.failed("clock", detail, _CLOCK_FIX) if apart_s > _LATE_S else Finding.ok("clock", detail)


def _judge_sqlite(journal_mode: object, synchronous: object) -> Finding:
    detail = f"SQLite in {connection.settings_dict['NAME']}, journal {journal_mode}"
    if journal_mode != "wal":
        return Finding.failed("database", detail, "Put BIFOLIO_DATA on a local disk: WAL needs one.")
    if synchronous != _SYNCHRONOUS_FULL:
        return Finding.failed(
            "database", f"{detail}, synchronous {synchronous}", "Leave synchronous at FULL: see settings.py."
        )
    return Finding.ok("database", f"{detail}, synchronous FULL, up to date")


def _judge_postgresql(version: str, synchronous_commit: str) -> Finding:
    detail = f"PostgreSQL {version}, synchronous_commit {synchronous_commit}, up to date"
    if synchronous_commit == "off":
        return Finding.warning(
            "database", detail, "Set synchronous_commit to on: a crash may lose acknowledged uploads."
        )
    return Finding.ok("database", detail)


def _pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]
