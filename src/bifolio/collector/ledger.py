"""Settles claims and downloads inside a transaction that the caller has begun. Imports no Django.

Used by the collector's own ledgers and, through Django's cursor, by bifolio.stats: both count
by the same statements.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import msgspec

from bifolio.collector.beacons import Claim, drop_reason_of_visit
from bifolio.collector.days import day_of
from bifolio.collector.granting import NO_GAIN, PageState, VisitState, grant, grant_download
from bifolio.collector.statements import (
    ADD_FLIPBOOK_DAYS,
    ADD_FLIPBOOKS,
    ADD_PAGE_DAYS,
    ADD_PAGES,
    ADD_WORKSPACES,
    RESERVE_VISITS,
    WRITE_VISITS,
    Cursor,
    Dialect,
    Row,
)
from bifolio.collector.tally import Tally
from bifolio.kernel.visit_token import VisitToken

_decode_pages = msgspec.json.Decoder(list[PageState]).decode
_encode = msgspec.json.Encoder().encode


class Ledger(Protocol):
    """A database that claims are written to. Used by one thread."""

    def settle(self, claims: Sequence[Claim]) -> None:
        """Commit what ``claims`` add, all or nothing.

        Raises LedgerUnavailable when trying again may help; anything else is a claim's fault.
        """

    def close(self) -> None:
        """Give the connection back."""


def settle_claims(cursor: Cursor, dialect: Dialect, claims: Sequence[Claim]) -> None:
    """Write what ``claims`` add to visits, days and totals."""
    tokens = {claim.token.visit_id: claim.token for claim in claims}
    before = _read_states(cursor, dialect, [tokens[visit_id] for visit_id in sorted(tokens)])
    states, tally = before.copy(), Tally()
    for claim in claims:
        token = claim.token
        after, gain = grant(states[token.visit_id], claim)
        if gain is not NO_GAIN:
            states[token.visit_id] = after
            if not after.dropped:
                tally.add(token.workspace_id, token.flipbook_id, claim.day, gain)
    visits = [
        _visit_row(tokens[visit_id], state)
        for visit_id, state in states.items()
        if state is not before[visit_id]
    ]
    _write(cursor, dialect, visits, tally)


def settle_download(cursor: Cursor, dialect: Dialect, token: VisitToken, now: float) -> bool:
    """Count the visit's download at instant ``now``; return False when it counted before, or never does."""
    state = _read_states(cursor, dialect, [token])[token.visit_id]
    after, gain = grant_download(state)
    if gain is NO_GAIN:
        return False
    tally = Tally()
    if not after.dropped:
        tally.add(token.workspace_id, token.flipbook_id, day_of(now, token.time_zone), gain)
    _write(cursor, dialect, [_visit_row(token, after)], tally)
    return not after.dropped


def _read_states(cursor: Cursor, dialect: Dialect, tokens: Sequence[VisitToken]) -> dict[str, VisitState]:
    states = {token.visit_id: _new_visit(drop_reason_of_visit(token)) for token in tokens}
    if dialect.reserves_visits:
        dialect.write(cursor, RESERVE_VISITS, [_visit_row(token, states[token.visit_id]) for token in tokens])
    for visit_id, *columns in dialect.select_visits(cursor, list(states)):
        columns[-1] = {page[0]: page for page in _decode_pages(columns[-1])}
        states[visit_id] = VisitState(*columns)
    return states


@cache
def _new_visit(drop_reason: str) -> VisitState:
    return VisitState(drop_reason)


def _visit_row(token: VisitToken, state: VisitState) -> Row:
    return (
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
        _encode(list(state.pages.values())).decode(),
    )


def _write(cursor: Cursor, dialect: Dialect, visits: list[Row], tally: Tally) -> None:
    # Every writer locks rows table by table in this order, the rows sorted: none waits in a circle.
    dialect.write(cursor, WRITE_VISITS, visits)
    dialect.write(cursor, ADD_PAGE_DAYS, tally.page_day_rows())
    dialect.write(cursor, ADD_PAGES, tally.page_rows())
    dialect.write(cursor, ADD_FLIPBOOK_DAYS, tally.flipbook_day_rows())
    dialect.write(cursor, ADD_FLIPBOOKS, tally.flipbook_rows())
    dialect.write(cursor, ADD_WORKSPACES, tally.workspace_rows())
