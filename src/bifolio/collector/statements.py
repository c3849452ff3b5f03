"""The SQL of counting, for SQLite and PostgreSQL: the one place that holds it. Imports no Django.

Rows travel many at a time: one round trip a table on PostgreSQL, and on SQLite long stretches
outside Python's lock, which the event loop needs meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Protocol

import msgspec

Row = Sequence[int | float | str | None]

_Columns = dict[str, str]
_Runs = Iterator[tuple[str, Sequence[object]]]

_VISIT: _Columns = {
    "visit_id": "text",
    "workspace_id": "bigint",
    "flipbook_id": "bigint",
    "edition_id": "bigint",
    "issued_at": "double precision",
    "dropped": "text",
    "first_beacon_at": "double precision",
    "last_beacon_at": "double precision",
    "seq": "integer",
    "active_s": "integer",
    "views": "integer",
    "downloads": "integer",
    "pages": "text",
}
_VISIT_STATE = list(_VISIT)[5:]
_COUNTS = ("impressions", "views", "time_spent_s", "downloads")
_PAGE_COUNTS = ("views", "clicks", "time_spent_s")


class Cursor(Protocol):
    """The part of a DB-API cursor that is used here."""

    def execute(self, sql: Any, params: Any = ..., /) -> Any:  # noqa: ANN401 - drivers differ
        """Run one statement."""

    def fetchall(self) -> Iterable[Sequence[Any]]:
        """Return the rows of the last statement."""


@dataclass(frozen=True)
class Write:
    """An INSERT of any number of rows into ``columns``, ending in its ON CONFLICT clause."""

    table: str
    columns: tuple[tuple[str, str], ...]
    on_conflict: str


@dataclass(frozen=True)
class Dialect:
    """How one kind of database takes rows, and how visits are read for writing.

    ``reserves_visits`` tells that missing visits must be inserted before there is a row to lock.
    ``read_visits`` takes a JSON array of visit ids; it returns the id, then the state's columns.
    """

    runs: Callable[[Write, Sequence[Row]], _Runs]
    read_visits: str
    reserves_visits: bool

    def write(self, cursor: Cursor, write: Write, rows: Sequence[Row]) -> None:
        """Insert ``rows``, each in the order of the write's columns."""
        for sql, params in self.runs(write, rows):
            cursor.execute(sql, params)

    def select_visits(self, cursor: Cursor, visit_ids: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Return the stored visits, locked until the transaction ends."""
        cursor.execute(self.read_visits, (msgspec.json.encode(visit_ids).decode(),))
        return cursor.fetchall()


def _adding(table: str, keys: _Columns, facts: _Columns, counts: Iterable[str]) -> Write:
    columns = keys | facts | dict.fromkeys(counts, "bigint")
    sums = ", ".join(f"{count} = {table}.{count} + excluded.{count}" for count in counts)
    return Write(table, tuple(columns.items()), f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}")


_FLIPBOOK, _WORKSPACE = {"flipbook_id": "bigint"}, {"workspace_id": "bigint"}
_DAY, _PAGE = {"day": "date"}, {"page": "integer"}
_REPLACED = ", ".join(f"{column} = excluded.{column}" for column in _VISIT_STATE[1:])

RESERVE_VISITS = Write("stats_visit", tuple(_VISIT.items()), "ON CONFLICT DO NOTHING")
WRITE_VISITS = Write(
    "stats_visit", tuple(_VISIT.items()), f"ON CONFLICT (visit_id) DO UPDATE SET {_REPLACED}"
)
ADD_PAGE_DAYS = _adding("stats_pageday", _FLIPBOOK | _DAY | _PAGE, {}, _PAGE_COUNTS)
ADD_PAGES = _adding("stats_pagetotal", _FLIPBOOK | _PAGE, {}, _PAGE_COUNTS)
ADD_FLIPBOOK_DAYS = _adding("stats_flipbookday", _FLIPBOOK | _DAY, _WORKSPACE, _COUNTS)
ADD_FLIPBOOKS = _adding("stats_flipbooktotal", _FLIPBOOK, _WORKSPACE, _COUNTS)
ADD_WORKSPACES = _adding("stats_workspacetotal", _WORKSPACE, {}, _COUNTS)

_MOST_ROWS = 256
"""Rows of one statement, a power of two: SQLite takes 32,766 parameters, a visit has 13."""


def _sqlite_runs(placeholder: str) -> Callable[[Write, Sequence[Row]], _Runs]:
    @cache
    def insert(write: Write, row_count: int) -> str:
        names = ", ".join(name for name, _ in write.columns)
        values = f"({', '.join([placeholder] * len(write.columns))})"
        listed = ", ".join([values] * row_count)
        return f"INSERT INTO {write.table} ({names}) VALUES {listed} {write.on_conflict}"  # noqa: S608

    def runs(write: Write, rows: Sequence[Row]) -> _Runs:
        start, row_count = 0, _MOST_ROWS
        # Parts of a few sizes only: their statements stay prepared. Few parts, because each is an
        # exchange of Python's lock with the event loop.
        while start < len(rows):
            while row_count > len(rows) - start:
                row_count //= 2
            yield insert(write, row_count), list(chain.from_iterable(rows[start : start + row_count]))
            start += row_count

    return runs


@cache
def _postgresql_insert(write: Write) -> str:
    names = ", ".join(name for name, _ in write.columns)
    cells = ", ".join(f"(cell->>{index})::{kind}" for index, (_, kind) in enumerate(write.columns))
    source = f"SELECT {cells} FROM jsonb_array_elements(%s::jsonb) AS batch(cell)"  # noqa: S608 - constants
    return f"INSERT INTO {write.table} ({names}) {source} {write.on_conflict}"


def _postgresql_runs(write: Write, rows: Sequence[Row]) -> _Runs:
    if rows:
        yield _postgresql_insert(write), (msgspec.json.encode(rows).decode(),)


_READ_VISITS = f"SELECT visit_id, {', '.join(_VISIT_STATE)} FROM stats_visit WHERE visit_id"  # noqa: S608
_LISTED = "= ANY (ARRAY (SELECT jsonb_array_elements_text(%s::jsonb)))"

SQLITE = Dialect(
    runs=_sqlite_runs("%s"),
    read_visits=f"{_READ_VISITS} IN (SELECT value FROM json_each(%s))",  # noqa: S608 - constants
    reserves_visits=False,
)
"""SQLite through Django's cursor."""

SQLITE_NATIVE = Dialect(_sqlite_runs("?"), SQLITE.read_visits.replace("%s", "?"), reserves_visits=False)
"""SQLite through Python's own driver."""

POSTGRESQL = Dialect(
    runs=_postgresql_runs,
    read_visits=f"{_READ_VISITS} {_LISTED} ORDER BY visit_id FOR UPDATE",
    reserves_visits=True,
)
