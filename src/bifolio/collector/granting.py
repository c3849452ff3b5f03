"""What a claim adds to a visit: the pure heart of exactly-once counting. No I/O, no clock.

A claim says the visit's state so far; only the difference to what was granted before is ever
added, so that a claim lost, late or delivered twice does no harm.
"""

import msgspec

from bifolio.collector.beacons import Claim, PageClaim

CLOCK_TOLERANCE_S = 2
"""Wall time granted beyond the token's age: clocks of two machines are not quite one."""

INTERACTIONS_PER_S = 10
"""Interactions or clicks that a person can make, over the wall time since the token was issued."""

PageState = tuple[int, int, int, int]
"""What one page was granted so far: page from 1, whole seconds, views, clicks."""

_NO_PAGE_STATE: PageState = (0, 0, 0, 0)


class VisitState(msgspec.Struct, frozen=True, gc=False):
    """What one visit was granted so far, in whole seconds. Instants are Unix seconds."""

    dropped: str = ""
    first_beacon_at: float | None = None
    last_beacon_at: float | None = None
    seq: int = 0
    active_s: int = 0
    views: int = 0
    downloads: int = 0
    pages: dict[int, PageState] = {}


PageGain = tuple[int, int, int, int]
"""What one claim adds to one page: page from 1, views, clicks, seconds."""


class Gain(msgspec.Struct, frozen=True, gc=False):
    """What one claim or download adds to the numbers. Never negative."""

    impressions: int = 0
    views: int = 0
    time_spent_s: int = 0
    downloads: int = 0
    pages: list[PageGain] = []


NO_GAIN = Gain()


def grant(state: VisitState, claim: Claim) -> tuple[VisitState, Gain]:
    """Return the visit's state after ``claim``, and what the claim adds.

    Only a sequence number above the highest seen adds anything. Totals of the visit never
    fall, time never exceeds the wall time since the token's issue, and no page gains more
    time than the visit does.
    """
    if claim.seq <= state.seq:
        return state, NO_GAIN
    elapsed_s = max(0, int(claim.received_at - claim.token.issued_at)) + CLOCK_TOLERANCE_S
    active_s = _risen(state.active_s, claim.active_s, elapsed_s)
    views = _risen(state.views, claim.views, elapsed_s * INTERACTIONS_PER_S)
    gained_s = active_s - state.active_s
    pages, page_gains = _grant_pages(state.pages, claim.pages, gained_s, elapsed_s)
    is_first = state.first_beacon_at is None
    after = VisitState(
        state.dropped,
        claim.received_at if is_first else state.first_beacon_at,
        claim.received_at,
        claim.seq,
        active_s,
        views,
        state.downloads,
        pages,
    )
    return after, Gain(int(is_first), views - state.views, gained_s, 0, page_gains)


def grant_download(state: VisitState) -> tuple[VisitState, Gain]:
    """Return the visit's state after a download, and what it adds: one, the first time only."""
    if state.downloads:
        return state, NO_GAIN
    return msgspec.structs.replace(state, downloads=1), Gain(downloads=1)


def _grant_pages(
    granted: dict[int, PageState], claimed: dict[int, PageClaim], gained_s: int, elapsed_s: int
) -> tuple[dict[int, PageState], list[PageGain]]:
    after, gains = granted.copy(), []
    most_clicks = elapsed_s * INTERACTIONS_PER_S
    for page, claimed_s, claimed_views, claimed_clicks in claimed.values():
        _, had_s, had_views, had_clicks = granted.get(page, _NO_PAGE_STATE)
        time_s = _risen(had_s, claimed_s, had_s + gained_s)
        # A view of a page takes a second on screen, so there are no more of them than seconds.
        views = _risen(had_views, claimed_views, elapsed_s)
        clicks = _risen(had_clicks, claimed_clicks, most_clicks)
        if time_s > had_s or views > had_views or clicks > had_clicks:
            after[page] = (page, time_s, views, clicks)
            gains.append((page, views - had_views, clicks - had_clicks, time_s - had_s))
    return after, gains


def _risen(had: int, claimed: float, most: int) -> int:
    """Return what is granted in whole numbers: the claim up to ``most``, never less than before."""
    granted = int(claimed) if claimed < most else most
    return granted if granted > had else had  # noqa: FURB136 - thrice as quick as max()
