"""The visit token: what lets the collector believe a beacon without any look-up (stats.md)."""

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

from bifolio.kernel.errors import BifolioError
from bifolio.kernel.signatures import from_base64url, is_signed, sign, to_base64url

LIFETIME_S = 24 * 60 * 60
_CLOCK_TOLERANCE_S = 60


@dataclass(frozen=True, slots=True)
class VisitToken:
    """One load of a player.

    ``page_count`` is 0 while the document has not been opened yet. ``time_zone`` is the
    workspace's IANA zone, whose days the visit is counted in. ``issued_at`` is in Unix seconds.
    """

    visit_id: str
    workspace_id: int
    flipbook_id: int
    edition_id: int
    page_count: int
    time_zone: str
    own_team: bool
    issued_at: int


class InvalidVisitToken(BifolioError):
    """The token is forged, damaged or expired; ``reason`` names which in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def mint_visit_token(token: VisitToken, key: bytes) -> str:
    """Return the token as URL-safe text: payload, dot, signature."""
    payload = to_base64url(json.dumps(astuple(token), separators=(",", ":")).encode())
    return f"{payload}.{sign(key, payload.encode())}"


def read_visit_token(text: str, key: bytes, now: float) -> VisitToken:
    """Return the token that ``text`` carries. Raises InvalidVisitToken.

    ``now`` is in Unix seconds; a token is good for 24 h after its issue.
    """
    token = verify_visit_token(text, key)
    check_age(token, now)
    return token


def verify_visit_token(text: str, key: bytes, parse: Callable[[bytes], Any] = json.loads) -> VisitToken:
    """Return the token that ``text`` carries, however old it is. Raises InvalidVisitToken.

    ``parse`` reads JSON: whoever verifies thousands a second gives a quicker one than Python's.
    """
    payload, _, signature = text.partition(".")
    if not is_signed(key, payload.encode("utf-8", "replace"), signature):
        raise InvalidVisitToken("forged")
    return VisitToken(*parse(from_base64url(payload)))


def check_age(token: VisitToken, now: float) -> None:
    """Raise InvalidVisitToken when the token is not good at ``now``."""
    if not -_CLOCK_TOLERANCE_S <= now - token.issued_at <= LIFETIME_S:
        raise InvalidVisitToken("expired")
