import dataclasses
from typing import Any

import pytest

from bifolio.kernel.visit_token import (
    LIFETIME_S,
    InvalidVisitToken,
    VisitToken,
    mint_visit_token,
    read_visit_token,
)

KEY = b"k" * 32
NOW = 1_800_000_000
VISIT = VisitToken("v" * 22, 7, 8, 9, 120, "Europe/Berlin", own_team=False, issued_at=NOW)


def test_it_returns_what_was_minted() -> None:
    assert read_visit_token(mint_visit_token(VISIT, KEY), KEY, NOW + 5) == VISIT


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(VisitToken)])
def test_it_refuses_a_token_whose_payload_was_changed(field: str) -> None:
    change: dict[str, Any] = {field: "x" if isinstance(getattr(VISIT, field), str) else 1}
    changed = dataclasses.replace(VISIT, **change)
    payload = mint_visit_token(changed, b"another key").partition(".")[0]
    signature = mint_visit_token(VISIT, KEY).partition(".")[2]
    with pytest.raises(InvalidVisitToken, match="forged"):
        read_visit_token(f"{payload}.{signature}", KEY, NOW)


@pytest.mark.parametrize("text", ["", ".", "a.b", "ü.ü", "W10.", "\ud800.x", "x" * 10_000])
def test_it_refuses_what_is_no_token(text: str) -> None:
    with pytest.raises(InvalidVisitToken):
        read_visit_token(text, KEY, NOW)


@pytest.mark.parametrize("age_s", [LIFETIME_S + 1, -61])
def test_it_refuses_an_expired_token_and_one_from_the_future(age_s: int) -> None:
    with pytest.raises(InvalidVisitToken, match="expired"):
        read_visit_token(mint_visit_token(VISIT, KEY), KEY, NOW + age_s)


def test_it_fits_the_beacon_schema_with_room_to_spare() -> None:
    largest = VisitToken(
        "v" * 22,
        2**63,
        2**63,
        2**63,
        10_000,
        "America/Argentina/ComodRivadavia",
        own_team=True,
        issued_at=NOW,
    )
    assert len(mint_visit_token(largest, KEY)) <= 300
