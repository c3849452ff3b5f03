"""What a reader's address says: which flipbook, which page (api-v1, section 8)."""

import base64
import binascii
import re

from bifolio.kernel.ids import FLIPBOOK_HASH

_ACCOUNT_AND_HASH = re.compile(r"[A-Za-z0-9]{1,32}\+([a-z0-9]{7,10})")


def hash_of_embed(text: str) -> str | None:
    """Return the flipbook hash of an embed's ``hash`` parameter, or None when it holds none.

    Accepts a bare hash, and standard base64 of ``ACCOUNTID+hash`` with or without padding.
    """
    text = text.strip()
    if FLIPBOOK_HASH.fullmatch(text):
        return text
    padded = text.rstrip("=").replace(" ", "+")
    padded += "=" * (-len(padded) % 4)
    try:
        decoded = base64.b64decode(padded, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    found = _ACCOUNT_AND_HASH.fullmatch(decoded)
    return found[1] if found else None


def page_of(text: str) -> int:
    """Return the page that ``p`` asks for; 1 for anything that is no page number."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
