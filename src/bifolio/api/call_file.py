"""The SQLite file behind the call log: shared by processes, and replaced by a new one when damaged.

Must not import Django.
"""

import fcntl
import os
import re
import secrets
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_TIMEOUT_S = 5.0
_GENERATION_BYTES = 8
_GENERATION = re.compile(rb"[0-9a-f]{%d}" % (2 * _GENERATION_BYTES))
_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (bucket TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_of_bucket ON calls (bucket, at);
CREATE INDEX IF NOT EXISTS calls_by_age ON calls (at);
"""


class CallFile:
    """One thread's view of the file; the first one is ``path`` itself.

    SQLite must never see a file exchanged under its name, so each new one has another name, and a
    lock file says which is in use. Whoever counts shares that lock, whoever replaces the file has
    it alone: no call is ever counted in a file that is out of use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = _open_lock(path.with_suffix(".lock"))
        weakref.finalize(self, os.close, self._lock)
        self._connection: sqlite3.Connection | None = None
        self._name = ""

    @contextmanager
    def in_use(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to the file, which nobody replaces meanwhile. Raises sqlite3.DatabaseError."""
        with self._locked(fcntl.LOCK_SH):
            name = self._name_in_use()
            if self._connection is None or name != self._name:
                self._close()
                self._name = name
                self._connection = _connect(self._path.with_name(name))
            yield self._connection

    def replace(self) -> None:
        """Put an empty file in the place of the one last used, unless somebody has done so since."""
        self._close()
        with self._locked(fcntl.LOCK_EX):
            if self._name_in_use() != self._name:
                return
            os.pwrite(self._lock, secrets.token_hex(_GENERATION_BYTES).encode(), 0)
            for old in self._path.parent.glob(f"{self._path.stem}*{self._path.suffix}*"):
                old.unlink(missing_ok=True)

    def _name_in_use(self) -> str:
        generation = os.pread(self._lock, 2 * _GENERATION_BYTES, 0)
        if not _GENERATION.fullmatch(generation):
            return self._path.name
        return f"{self._path.stem}-{generation.decode()}{self._path.suffix}"

    @contextmanager
    def _locked(self, mode: int) -> Iterator[None]:
        fcntl.flock(self._lock, mode)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    except OSError as error:
        raise sqlite3.OperationalError(str(error)) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
