import json
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from bifolio.collector.beacons import MOST_PAGES, Beacon, Claim, read_claim
from bifolio.collector.errors import BeaconDropped, DropReason
from bifolio.kernel.signatures import sign, to_base64url
from bifolio.kernel.visit_token import mint_visit_token
from tests.counting import KEY, beacon, make_token

SCHEMA = json.loads((Path(__file__).parents[2] / "contracts/beacon.schema.json").read_text("utf-8"))
GOOD: dict[str, Any] = {"token": "t.s", "seq": 1, "active": 1.5, "views": 2, "pages": [[1, 1.5, 1, 0]]}
ODD_VALUES: list[Any] = [
    *(None, True, -1, -0.5, 0, 0.5, 1, 2**31 - 1, 2**31, 10**30, 1.5e-7),
    *("", "x", "x" * 600, "x" * 601, {}, [], [[]]),
    *([[1, 1, 1]], [[1, 1, 1, 1]], [[1, 1, 1, 1, 1]], [[0, 1, 1, 1]], [[1, -1, 1, 1]], [[1, 1, 0.5, 1]]),
    *([[1, 1, 1, None]], [[1, 1, 1, -1]], [["1", 1, 1, 1]], [[1, 0, 0, 0], [1, 0, 0, 0]]),
]


def read(body: bytes, *, max_pages: int | None = 1000, now: float | None = None) -> tuple[Claim, int]:
    return read_claim(body, key=KEY, now=now or time.time(), max_pages=max_pages)


def reason_of(body: bytes, **options: Any) -> DropReason:
    with pytest.raises(BeaconDropped) as dropped:
        read(body, **options)
    return dropped.value.reason


def struct_accepts(document: Any) -> bool:
    try:
        msgspec.json.decode(json.dumps(document), type=Beacon)
    except msgspec.ValidationError:
        return False
    return True


def altered() -> list[Any]:
    changed = [{**GOOD, name: value} for name in GOOD for value in ODD_VALUES]
    lacking = [{name: GOOD[name] for name in GOOD if name != absent} for absent in GOOD]
    return [GOOD, {**GOOD, "more": 1}, *changed, *lacking, *ODD_VALUES]


@pytest.mark.parametrize("document", altered(), ids=lambda document: json.dumps(document)[:60])
def test_struct_and_contract_accept_the_same(document: Any) -> None:
    assert struct_accepts(document) == jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def test_a_beacon_of_ours_becomes_a_claim() -> None:
    token = make_token(time_zone="Asia/Tokyo")
    now = 1_700_000_000.0
    claim, dropped_pages = read(
        beacon(replace(token, issued_at=int(now)), 3, 4.5, 2, [[1, 4, 1, 0]]), now=now
    )
    assert (claim.seq, claim.active_s, claim.views, claim.pages) == (3, 4.5, 2, {1: (1, 4, 1, 0)})
    assert (claim.day, claim.dropped, dropped_pages) == ("2023-11-15", "", 0)


def test_pages_outside_the_document_are_dropped() -> None:
    claim, dropped_pages = read(beacon(make_token(), pages=[[10, 1, 1, 0], [11, 1, 1, 0], [9999, 1, 1, 0]]))
    assert (list(claim.pages), dropped_pages) == ([10], 2)


@pytest.mark.parametrize(("max_pages", "last"), [(1000, 1000), (None, MOST_PAGES)])
def test_an_unopened_document_has_no_more_pages_than_documents_may(max_pages: int | None, last: int) -> None:
    body = beacon(make_token(page_count=0), pages=[[last, 1, 1, 0], [last + 1, 1, 1, 0]])
    assert list(read(body, max_pages=max_pages)[0].pages) == [last]


def test_the_own_team_is_named_as_the_reason_for_not_counting() -> None:
    assert read(beacon(make_token(own_team=True)))[0].dropped == "own_team"


def test_a_thousand_forged_tokens_are_told_from_ours() -> None:
    chance, ours = random.Random(20), mint_visit_token(make_token(), KEY)
    forged = {_forge(ours, chance) for _ in range(1000)} - {ours}
    forged |= {mint_visit_token(make_token(), b"another key"), "", ".", "..", "é.ü", ours + "=", ours.upper()}
    assert {reason_of(beacon(text)) for text in forged} == {DropReason.FORGED}


def _forge(token: str, chance: random.Random) -> str:
    at = chance.randrange(len(token))
    return token[:at] + chance.choice("ABCxyz019-_.") + token[at + 1 :]


@pytest.mark.parametrize("age_s", [-3600, 24 * 3600 + 1, 10**9])
def test_a_token_is_good_for_a_day_after_its_issue(age_s: int) -> None:
    assert reason_of(beacon(make_token(issued_at=int(time.time()) - age_s))) is DropReason.EXPIRED


def test_a_token_that_was_read_before_expires_like_any_other() -> None:
    body, now = beacon(make_token(issued_at=1_700_000_000)), 1_700_000_000.0
    read(body, now=now + 1)
    assert reason_of(body, now=now + 24 * 3600 + 1) is DropReason.EXPIRED


def test_a_token_that_was_read_before_is_good_for_its_own_key_only() -> None:
    body = beacon(make_token())
    read(body)
    with pytest.raises(BeaconDropped, match="forged"):
        read_claim(body, key=b"another key", now=time.time(), max_pages=1000)


def test_a_token_of_another_release_has_expired() -> None:
    payload = to_base64url(b'["x", 1]')
    assert reason_of(beacon(f"{payload}.{sign(KEY, payload.encode())}")) is DropReason.EXPIRED


@pytest.mark.parametrize(
    "body", [b"", b"x", b"{}", b"[]", b"null", b"\xff\xfe", b"\x00" * 100, b"[" * 20_000, b'{"token":"\xc3"}']
)
def test_bodies_that_are_no_beacon_are_malformed(body: bytes) -> None:
    assert reason_of(body) is DropReason.MALFORMED
