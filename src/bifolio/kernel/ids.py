"""Identifiers that Bifolio hands out, and the shapes of those it accepts."""

import re
import secrets
import string
import time

from bifolio.kernel.signatures import to_base64url

_LOWER_AND_DIGITS = string.ascii_lowercase + string.digits
_UPPER_AND_DIGITS = string.ascii_uppercase + string.digits

FLIPBOOK_HASH = re.compile(r"[a-z0-9]{7,10}")
"""Hashes of every generation: 10 characters today, 7 to 9 in older ones (api-v1, section 6)."""

ACCOUNT_ID = re.compile(r"[A-Z0-9]{11}")


def new_flipbook_hash() -> str:
    """Return a hash of 10 lower-case letters and digits (51.7 random bits)."""
    return _draw(_LOWER_AND_DIGITS, 10)


def new_account_id() -> str:
    """Return an account id of 11 upper-case letters and digits."""
    return _draw(_UPPER_AND_DIGITS, 11)


def new_edition_token() -> str:
    """Return the unguessable name under which an edition's page files lie (124 random bits)."""
    return _draw(_LOWER_AND_DIGITS, 24)


def new_visit_id() -> str:
    """Return the id of one load of a player (22 characters: the millisecond, then 80 random bits)."""
    # Visits of one moment lie side by side in the index, where random ones would each cost a disk page.
    return to_base64url((time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(10))


def new_api_key() -> str:
    """Return an API key in the shape that Flipsnack's have, e.g. ``45FD-267-7SG7832``-like."""
    return "-".join(_draw(_UPPER_AND_DIGITS, length) for length in (6, 5, 9))


def new_api_secret() -> str:
    """Return the secret that signs an API key's calls (about 165 random bits)."""
    return "-".join(_draw(_UPPER_AND_DIGITS, 8) for _ in range(4))


def _draw(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
