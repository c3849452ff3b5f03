"""Call rates, exact across the processes of one machine: a sliding log in a SQLite file of its own.

The log may vanish with the machine and so is never synced: a read call costs no wait for the
disk. Must not import Django.
"""

import math
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bifolio.api.call_file import CallFile
from bifolio.api.statuses import Status, WireProblem
from bifolio.infra.client_address import client_network


@dataclass(frozen=True, slots=True)
class Rates:
    """How many calls a bucket takes; None is no limit."""

    a_second: int | None
    a_minute: int | None


@dataclass(frozen=True, slots=True)
class _Window:
    length_s: float
    word: str
    status: Status


_SECOND = _Window(1.0, "second", Status.TOO_MANY_A_SECOND)
_MINUTE = _Window(60.0, "minute", Status.TOO_MANY_A_MINUTE)


class CallLog:
    """The calls of the last minute, bucket by bucket. One object serves any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = threading.local()

    def count(self, bucket: str, rates: Rates) -> None:
        """Count a call. Raises WireProblem 31 or 32, and then it does not count."""
        if rates.a_second is None and rates.a_minute is None:
            return
        try:
            self._count(bucket, rates)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # The machine went down in mid-write. The log holds one minute and is worth nothing then.
            self._file().replace()
            self._count(bucket, rates)

    def _count(self, bucket: str, rates: Rates) -> None:
        with self._file().in_use() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                # Read under the lock, so that no other process has written a later instant before.
                now = time.time()
                oldest_at = now - _MINUTE.length_s
                connection.execute("DELETE FROM calls WHERE at <= ? OR at > ?", (oldest_at, now + 1))
                _refuse_above(connection, bucket, now, window=_SECOND, limit=rates.a_second)
                _refuse_above(connection, bucket, now, window=_MINUTE, limit=rates.a_minute)
                connection.execute("INSERT INTO calls VALUES (?, ?)", (bucket, now))
            finally:
                connection.execute("COMMIT")

    def _file(self) -> CallFile:
        found: CallFile | None = getattr(self._files, "file", None)
        if found is None:
            found = self._files.file = CallFile(self._path)
        return found


def address_bucket(address: str) -> str:
    """Return the bucket of a client's address."""
    return f"address:{client_network(address)}"


def _refuse_above(
    connection: sqlite3.Connection, bucket: str, now: float, *, window: _Window, limit: int | None
) -> None:
    if limit is None:
        return
    rows = connection.execute(
        "SELECT at FROM calls WHERE bucket = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?",
        (bucket, now - window.length_s, limit - 1),
    ).fetchall()
    if rows:
        # The call that has to leave the window before the next one fits.
        wait_s = max(1, math.ceil(rows[0][0] + window.length_s - now))
        reason = f"more than {limit} calls a {window.word}; try again in {wait_s} s"
        raise WireProblem(window.status, reason, retry_after_s=wait_s)
