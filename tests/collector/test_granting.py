import hypothesis.strategies as st
from hypothesis import given

from bifolio.collector.beacons import Claim
from bifolio.collector.granting import (
    CLOCK_TOLERANCE_S,
    INTERACTIONS_PER_S,
    NO_GAIN,
    Gain,
    VisitState,
    grant,
    grant_download,
)
from tests.counting import make_token

TOKEN = make_token(issued_at=1_000_000)
COUNT = st.integers(0, 10**12) | st.integers(0, 50)
SECONDS = st.floats(0, 1e308) | st.floats(0, 100)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    pages = draw(st.lists(st.tuples(st.integers(1, 10), SECONDS, COUNT, COUNT), max_size=5))
    received_at = TOKEN.issued_at + draw(st.floats(-60, 86_400))
    by_page = {page[0]: page for page in pages}
    return Claim(
        TOKEN, draw(st.integers(1, 6)), draw(SECONDS), draw(COUNT), by_page, received_at, "2026-01-02", ""
    )


def claim(
    seq: int = 1,
    active_s: float = 0,
    views: int = 0,
    *,
    after_s: float = 600,
    pages: dict[int, tuple[float, int, int]] | None = None,
) -> Claim:
    listed = {number: (number, *what) for number, what in (pages or {}).items()}
    return Claim(TOKEN, seq, active_s, views, listed, TOKEN.issued_at + after_s, "2026-01-02", "")


def fold(all_claims: list[Claim]) -> tuple[VisitState, list[Gain]]:
    state, gains = VisitState(), []
    for one in all_claims:
        state, gain = grant(state, one)
        gains.append(gain)
    return state, gains


@given(st.lists(claims(), max_size=8))
def test_gains_add_up_to_the_visits_state(all_claims: list[Claim]) -> None:
    state, gains = fold(all_claims)
    assert sum(gain.time_spent_s for gain in gains) == state.active_s
    assert sum(gain.views for gain in gains) == state.views
    assert sum(gain.impressions for gain in gains) == min(1, len(all_claims))
    for page, granted in state.pages.items():
        gained = [(s, v, c) for gain in gains for number, v, c, s in gain.pages if number == page]
        assert (page, *map(sum, zip(*gained, strict=True))) == granted


@given(st.lists(claims(), max_size=8))
def test_nothing_is_ever_negative_or_beyond_wall_time(all_claims: list[Claim]) -> None:
    state, gains = fold(all_claims)
    elapsed_s = max([0, *(one.received_at - TOKEN.issued_at for one in all_claims)]) + CLOCK_TOLERANCE_S
    assert state.active_s <= elapsed_s
    assert state.views <= elapsed_s * INTERACTIONS_PER_S
    for gain in gains:
        assert min(gain.impressions, gain.views, gain.time_spent_s, gain.downloads) >= 0
        for page in gain.pages:
            assert min(page) >= 0


@given(st.lists(claims(), max_size=8))
def test_no_page_gains_more_time_than_its_visit(all_claims: list[Claim]) -> None:
    state, gains = fold(all_claims)
    assert all(time_s <= gain.time_spent_s for gain in gains for _, _, _, time_s in gain.pages)
    assert all(granted[1] <= state.active_s for granted in state.pages.values())


@given(st.lists(claims(), max_size=8))
def test_a_claim_delivered_twice_adds_nothing_the_second_time(all_claims: list[Claim]) -> None:
    once, _ = fold(all_claims)
    twice, gains = fold([one for each in all_claims for one in (each, each)])
    assert twice == once
    assert gains[1::2] == [NO_GAIN] * len(all_claims)


@given(st.lists(claims(), min_size=1, max_size=6))
def test_claims_that_come_late_take_nothing_back(all_claims: list[Claim]) -> None:
    state, _ = fold(all_claims)
    after, _ = fold([*all_claims, *all_claims])
    assert after == state


def test_a_lost_claim_is_made_good_by_the_next() -> None:
    full, _ = fold([claim(1, 10, 1), claim(2, 20, 2), claim(3, 31.9, 3)])
    lossy, _ = fold([claim(3, 31.9, 3)])
    assert (lossy.active_s, lossy.views) == (full.active_s, full.views) == (31, 3)


def test_a_late_claim_with_smaller_numbers_adds_nothing() -> None:
    state, gains = fold([claim(2, 20, 5), claim(1, 10, 2)])
    assert (state.active_s, state.views, gains[1]) == (20, 5, NO_GAIN)


def test_an_overtaken_claim_adds_nothing_however_large_its_numbers() -> None:
    _, gains = fold([claim(2, 20, 5), claim(1, 30, 9, pages={1: (30, 3, 3)})])
    assert gains[1] is NO_GAIN


def test_a_replayed_claim_gains_nothing_from_the_time_that_has_passed() -> None:
    _, gains = fold([claim(1, 1e9, 10**9, after_s=60), claim(1, 1e9, 10**9, after_s=6000)])
    assert gains[1] is NO_GAIN


def test_a_newer_claim_with_smaller_numbers_takes_nothing_back() -> None:
    state, gains = fold([claim(1, 20, 5, pages={1: (20, 2, 2)}), claim(2, 3, 1, pages={1: (1, 1, 0)})])
    assert (state.active_s, state.views, state.pages) == (20, 5, {1: (1, 20, 2, 2)})
    assert gains[1] == Gain()


def test_a_billion_seconds_count_as_the_wall_time_since_the_issue() -> None:
    state, _ = fold([claim(1, 1e9, 10**9, after_s=60, pages={1: (1e9, 10**9, 10**9)})])
    assert state.active_s == 60 + CLOCK_TOLERANCE_S
    assert state.pages[1] == (1, 62, 62, 62 * INTERACTIONS_PER_S)


def test_a_page_gains_only_what_the_visit_gained_since() -> None:
    _, gains = fold([claim(1, 10, pages={1: (10, 1, 0)}), claim(2, 13, pages={2: (13, 1, 0)})])
    assert gains[1].pages == [(2, 1, 0, 3)]


def test_both_pages_of_a_spread_get_its_time_in_full() -> None:
    state, _ = fold([claim(1, 8.4, pages={2: (8.4, 1, 0), 3: (8.4, 1, 0)})])
    assert state.pages == {2: (2, 8, 1, 0), 3: (3, 8, 1, 0)}


def test_fractions_of_seconds_wait_for_their_rest() -> None:
    _, gains = fold([claim(1, 0.7), claim(2, 1.4), claim(3, 2.1)])
    assert [gain.time_spent_s for gain in gains] == [0, 1, 1]


def test_a_visit_downloads_once() -> None:
    state, first = grant_download(VisitState())
    again, second = grant_download(state)
    assert (first.downloads, first.impressions, second) == (1, 0, NO_GAIN)
    assert again is state


def test_an_impression_still_counts_after_a_download() -> None:
    state, _ = grant_download(VisitState())
    after, gain = grant(state, claim())
    assert (gain.impressions, gain.downloads, after.downloads) == (1, 0, 1)
