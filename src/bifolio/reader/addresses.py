"""What a reader's address says: which flipbook, which page (api-v1, section 8)."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

from bifolio.kernel.ids import FLIPBOOK_HASH

EMBED_PATHS = ("/", "/widget/v2/widget.html", "/widget/flipsnackwidget.html")
_DIRECT = re.compile(r"/[^/]+/[^/]*-([a-z0-9]{7,10})(?:\.html|/full-view\.html)")
_HIGHEST_PAGE = 999_999
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
    except ValueError:
        return None
    found = _ACCOUNT_AND_HASH.fullmatch(decoded)
    return found[1] if found else None


def hash_of_address(address: str) -> str | None:
    """Return the flipbook hash of any reader's address: direct, full view or embed; else None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    found = _DIRECT.fullmatch(parts.path)
    if found:
        return found[1]
    wanted = parse_qs(parts.query).get("hash")
    return hash_of_embed(wanted[-1]) if wanted and parts.path in EMBED_PATHS else None


def page_of(text: str) -> int:
    """Return the page that ``p`` asks for, at most 999 999; 1 for anything that is no page number."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, int(text)) if len(text) <= 6 else _HIGHEST_PAGE
