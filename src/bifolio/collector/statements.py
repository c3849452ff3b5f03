"""The SQL of counting, for SQLite and PostgreSQL: the one place that holds it. Standard library only.

Each statement takes one parameter, a JSON array of rows, so that a batch of any size costs one
execution a table: one round trip, and on SQLite one stretch outside Python's lock. Placeholders
are ``%s``, as Django and psycopg write them.
"""

from collections.abc import Callable
from dataclasses import dataclass

_Columns = dict[str, str]

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
_COUNTS = ["impressions", "views", "time_spent_s", "downloads"]
_PAGE_COUNTS = ["views", "clicks", "time_spent_s"]


@dataclass(frozen=True)
class Statements:
    """The statements of one transaction, in the order in which they run.

    ``reserve_visits`` (PostgreSQL only) inserts the rows that are missing, so that there is
    something to lock; it takes rows like ``write_visits``. ``read_visits`` takes visit ids and returns
    the id, then the state's columns.
    """

    reserve_visits: str | None
    read_visits: str
    write_visits: str
    add_page_days: str
    add_pages: str
    add_flipbook_days: str
    add_flipbooks: str
    add_workspaces: str


def _sqlite_source(columns: _Columns) -> str:
    cells = ", ".join(f"json_extract(value, '$[{index}]')" for index in range(len(columns)))
    # Without WHERE, SQLite's parser takes ON CONFLICT for the ON of a join.
    return f"SELECT {cells} FROM json_each(%s) WHERE true"  # noqa: S608 - constants of this module


def _postgresql_source(columns: _Columns) -> str:
    cells = ", ".join(f"(cell->>{index})::{kind}" for index, kind in enumerate(columns.values()))
    return f"SELECT {cells} FROM jsonb_array_elements(%s::jsonb) AS batch(cell)"  # noqa: S608


def _insert(table: str, columns: _Columns, source: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) {source}"


def _add(
    table: str, keys: _Columns, counts: list[str], source: Callable[[_Columns], str], plain: str = ""
) -> str:
    columns = keys | dict.fromkeys(counts, "bigint")
    conflict = ", ".join(key for key in keys if key != plain)
    sums = ", ".join(f"{count} = {table}.{count} + excluded.{count}" for count in counts)
    return f"{_insert(table, columns, source(columns))} ON CONFLICT ({conflict}) DO UPDATE SET {sums}"


def _statements(source: Callable[[_Columns], str], *, reserve: bool, ids: str, lock: str) -> Statements:
    insert_visits = _insert("stats_visit", _VISIT, source(_VISIT))
    replaced = ", ".join(f"{column} = excluded.{column}" for column in _VISIT_STATE[1:])
    flipbook, workspace = {"flipbook_id": "bigint"}, {"workspace_id": "bigint"}
    day, page = {"day": "date"}, {"page": "integer"}
    return Statements(
        reserve_visits=f"{insert_visits} ON CONFLICT DO NOTHING" if reserve else None,
        read_visits=f"SELECT visit_id, {', '.join(_VISIT_STATE)} FROM stats_visit WHERE {ids} {lock}",  # noqa: S608
        write_visits=f"{insert_visits} ON CONFLICT (visit_id) DO UPDATE SET {replaced}",
        add_page_days=_add("stats_pageday", flipbook | day | page, _PAGE_COUNTS, source),
        add_pages=_add("stats_pagetotal", flipbook | page, _PAGE_COUNTS, source),
        add_flipbook_days=_add(
            "stats_flipbookday", flipbook | day | workspace, _COUNTS, source, plain="workspace_id"
        ),
        add_flipbooks=_add(
            "stats_flipbooktotal", flipbook | workspace, _COUNTS, source, plain="workspace_id"
        ),
        add_workspaces=_add("stats_workspacetotal", workspace, _COUNTS, source),
    )


SQLITE = _statements(
    _sqlite_source,
    reserve=False,
    ids="visit_id IN (SELECT value FROM json_each(%s))",
    lock="",
)

POSTGRESQL = _statements(
    _postgresql_source,
    reserve=True,
    ids="visit_id = ANY (ARRAY (SELECT jsonb_array_elements_text(%s::jsonb)))",
    lock="ORDER BY visit_id FOR UPDATE",
)
