"""From the bytes of a beacon to a claim that may be granted. Touches no network and no database."""

from functools import lru_cache
from typing import Annotated

import msgspec

from bifolio.collector.days import day_of
from bifolio.collector.errors import BeaconDropped, DropReason
from bifolio.kernel.visit_token import InvalidVisitToken, VisitToken, check_age, verify_visit_token

MOST_PAGES = 10_000
"""The highest page number of a document that nobody has opened yet, where no setting says less."""

_Count = Annotated[int, msgspec.Meta(ge=0)]
_Seconds = Annotated[float, msgspec.Meta(ge=0)]
PageClaim = tuple[Annotated[int, msgspec.Meta(ge=1)], _Seconds, _Count, _Count]
"""Page from 1, active seconds, times on screen, clicks: each so far in the visit."""


class Beacon(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The body of a beacon, as contracts/beacon.schema.json has it."""

    token: Annotated[str, msgspec.Meta(max_length=600)]
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    active: _Seconds
    views: _Count
    pages: list[PageClaim]


class Claim(msgspec.Struct, gc=False):
    """What a visit says of itself so far, with a token that is ours.

    ``pages`` holds each page once, all within the document. ``day`` is the day of receipt in the
    token's zone; ``dropped`` names why the visit does not count (empty: it counts).
    """

    token: VisitToken
    seq: int
    active_s: float
    views: int
    pages: dict[int, PageClaim]
    received_at: float
    day: str
    dropped: str


_decode = msgspec.json.Decoder(Beacon).decode
_decode_token = msgspec.json.Decoder(tuple[str, int, int, int, int, str, bool, int]).decode
_KNOWN_TOKENS = 16_384


def read_claim(body: bytes, *, key: bytes, now: float, max_pages: int | None) -> tuple[Claim, int]:
    """Return the claim that ``body`` makes, and how many of its pages lie outside the document.

    ``now`` is the instant of receipt. Raises BeaconDropped when body or token are unfit.
    """
    beacon = _parse(body)
    token = _verify(beacon.token, key, now)
    pages = _pages_in_range(beacon.pages, token.page_count or max_pages or MOST_PAGES)
    claim = Claim(
        token,
        beacon.seq,
        beacon.active,
        beacon.views,
        pages,
        now,
        day_of(now, token.time_zone),
        drop_reason_of_visit(token),
    )
    return claim, len(beacon.pages) - len(pages)


def drop_reason_of_visit(token: VisitToken) -> str:
    """Return why a visit is kept without being counted; empty when it counts."""
    return DropReason.OWN_TEAM.value if token.own_team else ""


def _parse(body: bytes) -> Beacon:
    try:
        return _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BeaconDropped(DropReason.MALFORMED) from error


def _verify(text: str, key: bytes, now: float) -> VisitToken:
    try:
        token = _signed_token(text, key)
        check_age(token, now)
    except InvalidVisitToken as error:
        raise BeaconDropped(DropReason(error.reason)) from error
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        # Signed by us, yet of another release's shape.
        raise BeaconDropped(DropReason.EXPIRED) from error
    return token


@lru_cache(maxsize=_KNOWN_TOKENS)
def _signed_token(text: str, key: bytes) -> VisitToken:
    # A visit sends the same token every ten seconds; what is forged raises, and is not kept.
    return verify_visit_token(text, key, _decode_token)


def _pages_in_range(pages: list[PageClaim], last_page: int) -> dict[int, PageClaim]:
    return {page[0]: page for page in pages if page[0] <= last_page}
