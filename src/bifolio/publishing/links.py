"""Every address under which a flipbook is reached from outside (api-v1, section 8)."""

import base64
import re
import time
from html import escape
from urllib.parse import urlencode

from django.utils.text import slugify

from bifolio.infra.configuration import configuration
from bifolio.kernel.signatures import derive_key, is_signed, sign
from bifolio.publishing.models import Edition, Flipbook

PREVIEW_LIFETIME_S = 24 * 60 * 60
COVER_SIZES = {"thumb": "small", "small": "small", "medium": "medium", "original": "large"}
_EDITION_PASS = re.compile(r"(?P<expires>[0-9]{1,12})\.(?P<edition>[0-9]{1,18})\.(?P<signature>.+)", re.ASCII)
RESERVED_PROFILES = frozenset(
    {
        "api",
        "assets",
        "download",
        "f",
        "g",
        "health",
        "manifest",
        "metrics",
        "oembed",
        "reading",
        "v1",
        "widget",
    }
)
"""First parts of paths that are Bifolio's own, so no workspace may take them as its profile."""


def direct_link(flipbook: Flipbook, page: str = "", *, preview: str | None = None) -> str:
    """Return the address that people share, or that of a sub-page. A draft's carries a preview pass of 24 h.

    ``preview`` is the pass that a visitor has: what is shown to visitors never renews it.
    """
    return f"{configuration().base_url}{direct_path(flipbook, page)}{_pass_query(flipbook, preview)}"


def direct_path(flipbook: Flipbook, page: str = "") -> str:
    """Return the path of the direct link, or of one of its sub-pages (``full-view.html``, ``text.html``)."""
    book = f"/{flipbook.workspace.link_name}/{slug(flipbook)}-{flipbook.hash}"
    return f"{book}/{page}" if page else f"{book}.html"


def slug(flipbook: Flipbook) -> str:
    """Return the title as it stands in links; only decoration, the hash decides."""
    return slugify(flipbook.title)[:80].strip("-") or "flipbook"


def cover_link(flipbook: Flipbook, size: str = "medium", *, preview: str | None = None) -> str:
    """Return the address of the cover image; ``size`` is of COVER_SIZES, ``preview`` as in direct_link."""
    path = f"/{flipbook.workspace.account_id}/collections/{flipbook.hash}/covers/page_1/{size}"
    return f"{configuration().base_url}{path}{_pass_query(flipbook, preview)}"


def _pass_query(flipbook: Flipbook, preview: str | None) -> str:
    carried = preview_pass(flipbook) if preview is None else preview
    return f"?{urlencode({'preview': carried})}" if carried and flipbook.is_guarded else ""


def player_link(flipbook: Flipbook, *, start_page: int = 1) -> str:
    """Return the address that an embed loads, its hash in base64 as Flipsnack's embeds have it."""
    account_and_hash = f"{flipbook.workspace.account_id}+{flipbook.hash}"
    address = f"{configuration().base_url}/?hash={base64.b64encode(account_and_hash.encode()).decode()}"
    if start_page > 1:
        address += f"&p={start_page}"
    preview = preview_pass(flipbook)
    return f"{address}&preview={preview}" if preview else address


def embed_code(flipbook: Flipbook, *, width: str, height: str, start_page: int = 1) -> str:
    """Return the iframe for a web page; ``width`` and ``height`` are pixels or percentages."""
    return (
        f'<iframe src="{player_link(flipbook, start_page=start_page)}" width="{escape(width)}" '
        f'height="{escape(height)}" title="{escape(flipbook.title)}" seamless="seamless" scrolling="no" '
        'frameBorder="0" allowFullScreen allow="autoplay; clipboard-read; clipboard-write"></iframe>'
    )


def preview_pass(flipbook: Flipbook) -> str:
    """Return what opens a draft for 24 h, for the bearer; empty for what is published."""
    if not flipbook.is_guarded:
        return ""
    expires_at = _preview_end()
    return f"{expires_at}.{sign(_preview_key(), _preview_message(flipbook, expires_at))}"


def is_preview_pass(flipbook: Flipbook, preview: str) -> bool:
    """Tell whether ``preview`` opens this draft now."""
    expires, _, signature = preview.partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12) or int(expires) < time.time():
        return False
    return is_signed(_preview_key(), _preview_message(flipbook, int(expires)), signature)


def edition_preview_link(edition: Edition) -> str:
    """Return where the owner sees an edition for 24 h that readers are not shown, as far as it came."""
    path = direct_path(edition.flipbook)
    return f"{configuration().base_url}{path}?preview={edition_pass(edition)}"


def edition_pass(edition: Edition) -> str:
    """Return what opens one edition for 24 h, for the bearer, whatever its flipbook shows."""
    expires_at = _preview_end()
    signature = sign(_preview_key(), _edition_message(edition.pk, expires_at))
    return f"{expires_at}.{edition.pk}.{signature}"


def edition_of_pass(preview: str) -> int | None:
    """Return the id of the edition that ``preview`` opens now, or None for any other text."""
    found = _EDITION_PASS.fullmatch(preview)
    if found is None or int(found["expires"]) < time.time():
        return None
    edition_id = int(found["edition"])
    message = _edition_message(edition_id, int(found["expires"]))
    return edition_id if is_signed(_preview_key(), message, found["signature"]) else None


def _edition_message(edition_id: int, expires_at: int) -> bytes:
    return f"edition:{edition_id}:{expires_at}".encode()


def _preview_end() -> int:
    """Return when a pass of now ends, rounded up so that one hour's links are alike and can be cached."""
    return (int(time.time()) // 3600 + 1) * 3600 + PREVIEW_LIFETIME_S


def _preview_message(flipbook: Flipbook, expires_at: int) -> bytes:
    return f"{flipbook.pk}:{expires_at}".encode()


def _preview_key() -> bytes:
    return derive_key(configuration().secret_key, "preview-pass")
