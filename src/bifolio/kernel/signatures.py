"""Keyed signatures of Bifolio's own links and tokens. Not the wire's MD5 scheme: that is the API's."""

import base64
import hashlib
import hmac
from functools import lru_cache


def derive_key(secret: str, purpose: str) -> bytes:
    """Derive the 32-byte key of one purpose from the installation's secret.

    Keys of different purposes are independent: a leak of one tells nothing of another.
    """
    return hmac.digest(secret.encode(), f"bifolio:{purpose}".encode(), hashlib.sha256)


def sign(key: bytes, message: bytes) -> str:
    """Return the URL-safe signature (22 characters, 128 bits) of a message."""
    keyed = _keyed(key).copy()
    keyed.update(message)
    return to_base64url(keyed.digest()[:16])


@lru_cache(maxsize=16)
def _keyed(key: bytes) -> hmac.HMAC:
    # A copy of a prepared one holds Python's lock, where hmac.digest gives it up: at thousands of
    # beacons a second, getting it back from the collector's writer thread cost more than the hash.
    return hmac.new(key, digestmod=hashlib.sha256)


def is_signed(key: bytes, message: bytes, signature: str) -> bool:
    """Tell in constant time whether ``signature`` is that of ``message``."""
    return hmac.compare_digest(sign(key, message).encode(), signature.encode("utf-8", "replace"))


def to_base64url(data: bytes) -> str:
    """Encode without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Decode with or without padding. Raises ValueError on anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
