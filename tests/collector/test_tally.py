import random

from bifolio.collector.granting import Gain
from bifolio.collector.tally import Tally


def tally_of(gains: list[tuple[int, int, str, Gain]]) -> Tally:
    tally = Tally()
    for workspace_id, flipbook_id, day, gain in gains:
        tally.add(workspace_id, flipbook_id, day, gain)
    return tally


def test_gains_are_summed_by_day_and_in_total() -> None:
    gain = Gain(1, 2, 3, 0, [(4, 1, 0, 3), (5, 0, 1, 2)])
    tally = tally_of([(1, 2, "2026-01-30", gain), (1, 2, "2026-01-31", gain), (1, 2, "2026-01-31", gain)])
    assert tally.flipbook_day_rows() == [(2, "2026-01-30", 1, 1, 2, 3, 0), (2, "2026-01-31", 1, 2, 4, 6, 0)]
    assert tally.flipbook_rows() == [(2, 1, 3, 6, 9, 0)]
    assert tally.workspace_rows() == [(1, 3, 6, 9, 0)]
    assert tally.page_rows() == [(2, 4, 3, 0, 9), (2, 5, 0, 3, 6)]
    assert tally.page_day_rows()[:2] == [(2, "2026-01-30", 4, 1, 0, 3), (2, "2026-01-30", 5, 0, 1, 2)]


def test_gains_of_nothing_make_no_rows() -> None:
    tally = tally_of([(1, 2, "2026-01-30", Gain())])
    assert tally.flipbook_day_rows() == tally.flipbook_rows() == tally.workspace_rows() == []


def test_rows_come_in_the_order_of_their_keys() -> None:
    chance = random.Random(5)
    gain = Gain(1, 1, 1, 1, [(page, 1, 1, 1) for page in (9, 3, 7)])
    days = ("2026-01-30", "2026-01-31", "2026-02-01")
    tally = tally_of(
        [(flipbook % 3, flipbook, chance.choice(days), gain) for flipbook in chance.sample(range(40), 40)]
    )
    for rows in (
        tally.page_day_rows(),
        tally.page_rows(),
        tally.flipbook_day_rows(),
        tally.flipbook_rows(),
        tally.workspace_rows(),
    ):
        assert rows == sorted(rows)  # type: ignore[type-var]
