"""The ledger in PostgreSQL, which may restart at any time. Imports no Django."""

from collections.abc import Sequence

import psycopg

from bifolio.collector.beacons import Claim
from bifolio.collector.errors import LedgerUnavailable
from bifolio.collector.ledger import settle_claims
from bifolio.collector.statements import POSTGRESQL

_CONNECT_TIMEOUT_S = 5
_SESSION = "-c lock_timeout=5s -c statement_timeout=10s -c idle_in_transaction_session_timeout=30s"


class PostgresLedger:
    """Writes to the database of a ``postgresql://`` address; connects anew after it was lost."""

    def __init__(self, database_url: str) -> None:
        self._conninfo = database_url
        self._connection: psycopg.Connection | None = None

    def settle(self, claims: Sequence[Claim]) -> None:
        """Commit what ``claims`` add, all or nothing (see Ledger)."""
        try:
            connection = self._connect()
            with connection.transaction(), connection.cursor() as cursor:
                settle_claims(cursor, POSTGRESQL, claims)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise LedgerUnavailable from error
        except psycopg.errors.UndefinedTable as error:
            raise LedgerUnavailable from error

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> psycopg.Connection:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._conninfo,
                autocommit=True,
                connect_timeout=_CONNECT_TIMEOUT_S,
                tcp_user_timeout=_CONNECT_TIMEOUT_S * 1000,
                options=_SESSION,
                application_name="bifolio-collector",
            )
        return self._connection
