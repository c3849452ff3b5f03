"""Settles claims and downloads inside a transaction that the caller has begun. Imports no Django.

Used by the collector's own ledgers and, through Django's cursor, by bifolio.stats: both count
by the same statements.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from bifolio.collector.beacons import Claim, drop_reason_of_visit
from bifolio.collector.days import day_of
from bifolio.collector.granting import NO_GAIN, VisitState, grant, grant_download
from bifolio.collector.statements import Statements
from bifolio.collector.tally import Row, Tally
from bifolio.kernel.visit_token import VisitToken

_StoredPages = list[tuple[int, int, int, int]]
_decode_pages = msgspec.json.Decoder(_StoredPages).decode


class Cursor(Protocol):
    """The part of a DB-API cursor that is used here."""

    def execute(self, sql: Any, params: Any = ..., /) -> Any:  # noqa: ANN401 - drivers differ
        """Run one statement."""

    def fetchall(self) -> Iterable[Sequence[Any]]:
        """Return the rows of the last statement."""


class Ledger(Protocol):
    """A database that claims are written to. Used by one thread."""

    def settle(self, claims: Sequence[Claim]) -> None:
        """Commit what ``claims`` add, all or nothing.

        Raises LedgerUnavailable when trying again may help; anything else is a claim's fault.
        """

    def close(self) -> None:
        """Give the connection back."""


def settle_claims(cursor: Cursor, sql: Statements, claims: Sequence[Claim]) -> None:
    """Write what ``claims`` add to visits, days and totals."""
    by_visit: dict[str, list[Claim]] = {}
    for claim in claims:
        by_visit.setdefault(claim.token.visit_id, []).append(claim)
    states = _read_states(cursor, sql, [by_visit[visit_id][0].token for visit_id in sorted(by_visit)])
    tally, visits = Tally(), []
    for visit_id, state in states.items():
        after = state
        for claim in by_visit[visit_id]:
            after, gain = grant(after, claim)
            if gain is not NO_GAIN and not after.dropped:
                tally.add(claim.token.workspace_id, claim.token.flipbook_id, claim.day, gain)
        if after is not state:
            visits.append(_visit_row(claim.token, after))
    _write(cursor, sql, visits, tally)


def settle_download(cursor: Cursor, sql: Statements, token: VisitToken, now: float) -> bool:
    """Count the visit's download at instant ``now``; return False when it counted before, or never does."""
    state = _read_states(cursor, sql, [token])[token.visit_id]
    after, gain = grant_download(state)
    if gain is NO_GAIN:
        return False
    tally = Tally()
    if not after.dropped:
        tally.add(token.workspace_id, token.flipbook_id, day_of(now, token.time_zone), gain)
    _write(cursor, sql, [_visit_row(token, after)], tally)
    return not after.dropped


def _read_states(cursor: Cursor, sql: Statements, tokens: Sequence[VisitToken]) -> dict[str, VisitState]:
    states = {token.visit_id: VisitState(drop_reason_of_visit(token)) for token in tokens}
    if sql.reserve_visits is not None:
        _execute(cursor, sql.reserve_visits, [_visit_row(token, states[token.visit_id]) for token in tokens])
    _execute(cursor, sql.read_visits, list(states))
    for visit_id, *columns in cursor.fetchall():
        columns[-1] = {
            page: (time_s, views, clicks) for page, time_s, views, clicks in _decode_pages(columns[-1])
        }
        states[visit_id] = VisitState(*columns)
    return states


def _visit_row(token: VisitToken, state: VisitState) -> Row:
    pages: _StoredPages = [(page, *granted) for page, granted in state.pages.items()]
    return [
        token.visit_id,
        token.workspace_id,
        token.flipbook_id,
        token.edition_id,
        token.issued_at,
        state.dropped,
        state.first_beacon_at,
        state.last_beacon_at,
        state.seq,
        state.active_s,
        state.views,
        state.downloads,
        msgspec.json.encode(pages).decode(),
    ]


def _write(cursor: Cursor, sql: Statements, visits: list[Row], tally: Tally) -> None:
    _execute(cursor, sql.write_visits, visits)
    _execute(cursor, sql.add_page_days, tally.page_day_rows())
    _execute(cursor, sql.add_pages, tally.page_rows())
    _execute(cursor, sql.add_flipbook_days, tally.flipbook_day_rows())
    _execute(cursor, sql.add_flipbooks, tally.flipbook_rows())
    _execute(cursor, sql.add_workspaces, tally.workspace_rows())


def _execute(cursor: Cursor, statement: str, rows: Sequence[object]) -> None:
    if rows:
        cursor.execute(statement, (msgspec.json.encode(rows).decode(),))
