"""The ledger in the installation's SQLite file. Imports no Django."""

import contextlib
import sqlite3
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from bifolio.collector.beacons import Claim
from bifolio.collector.errors import LedgerUnavailable
from bifolio.collector.ledger import settle_claims
from bifolio.collector.statements import SQLITE_NATIVE

_BUSY_TIMEOUT_S = 5.0
_CHECKPOINT_PAGES = 4000
_CACHE_KIB = 16 * 1024


class SqliteLedger:
    """Writes to the file of a ``sqlite:///path`` address, in WAL mode with every commit synced."""

    def __init__(self, database_url: str) -> None:
        self._path = unquote(urlsplit(database_url).path[1:])
        self._connection: sqlite3.Connection | None = None

    def settle(self, claims: Sequence[Claim]) -> None:
        """Commit what ``claims`` add, all or nothing (see Ledger)."""
        try:
            connection = self._connect()
            cursor = connection.execute("BEGIN IMMEDIATE")
            try:
                settle_claims(cursor, SQLITE_NATIVE, claims)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
        except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.NotSupportedError):
            raise
        except sqlite3.DatabaseError as error:
            raise LedgerUnavailable from error

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
            with contextlib.ExitStack() as undo:
                undo.callback(connection.close)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                # What undoes half a statement need not be in a file: that was most of all writing.
                connection.execute("PRAGMA temp_store=MEMORY")
                connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
                # The same pages change in every commit: writing them back rarely saves most of that work.
                connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
                undo.pop_all()
            self._connection = connection
        return self._connection
