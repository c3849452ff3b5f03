import re
from collections import Counter

from bifolio.kernel import ids


def test_hashes_have_the_shape_of_the_contract() -> None:
    assert all(re.fullmatch(r"[a-z0-9]{10}", ids.new_flipbook_hash()) for _ in range(200))


def test_account_ids_have_the_shape_of_the_contract() -> None:
    assert all(ids.ACCOUNT_ID.fullmatch(ids.new_account_id()) for _ in range(200))


def test_hashes_draw_every_character_alike() -> None:
    """Chi-square over 36 characters; 80 is far beyond what chance gives (p < 0.0001)."""
    counts = Counter("".join(ids.new_flipbook_hash() for _ in range(100_000)))
    expected = 1_000_000 / 36
    assert len(counts) == 36
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 80
