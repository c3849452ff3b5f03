import re
import time
from collections import Counter

import pytest

from bifolio.kernel import ids


def test_hashes_have_the_shape_of_the_contract() -> None:
    assert all(re.fullmatch(r"[a-z0-9]{10}", ids.new_flipbook_hash()) for _ in range(200))


def test_account_ids_have_the_shape_of_the_contract() -> None:
    assert all(ids.ACCOUNT_ID.fullmatch(ids.new_account_id()) for _ in range(200))


def test_visits_of_one_moment_have_ids_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_123_456_789)
    made = {ids.new_visit_id() for _ in range(1000)}
    assert (len(made), {len(visit_id) for visit_id in made}) == (1000, {22})
    assert len({visit_id[:8] for visit_id in made}) == 1


def test_hashes_draw_every_character_alike() -> None:
    """Chi-square over 36 characters; 80 is far beyond what chance gives (p < 0.0001)."""
    counts = Counter("".join(ids.new_flipbook_hash() for _ in range(100_000)))
    expected = 1_000_000 / 36
    assert len(counts) == 36
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 80
