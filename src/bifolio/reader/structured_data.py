"""Data that stands in a page: JSON-LD for search engines, the bootstrap for the player."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from bifolio.publishing.access import is_withheld
from bifolio.publishing.links import cover_link, direct_link
from bifolio.publishing.models import Flipbook

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def data_block(media_type: str, data: dict[str, Any], *, element_id: str = "") -> SafeString:
    """Return a script element that holds data and never runs; nothing in ``data`` can close it early."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    named = f' id="{element_id}"' if element_id else ""
    return mark_safe(f'<script type="{media_type}"{named}>{text}</script>')  # noqa: S308 (escaped above)


def document_data(flipbook: Flipbook, preview: str) -> dict[str, Any]:
    """Return what a flipbook is in the words of schema.org's DigitalDocument, for a visitor's ``preview``."""
    published_at = flipbook.published_at or flipbook.created_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": flipbook.title,
        "url": direct_link(flipbook, preview=preview),
        "datePublished": published_at.isoformat(timespec="seconds"),
        "dateModified": flipbook.updated_at.isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "name": flipbook.workspace.name},
    }
    if not is_withheld(flipbook, preview=preview):
        data["description"] = flipbook.description
        data["thumbnailUrl"] = cover_link(flipbook, preview=preview)
    if flipbook.shown_edition.language:
        data["inLanguage"] = flipbook.shown_edition.language
    return data
