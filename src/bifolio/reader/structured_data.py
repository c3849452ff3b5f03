"""JSON-LD that tells search engines what a flipbook is (schema.org's DigitalDocument)."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from bifolio.publishing.links import cover_link, direct_link
from bifolio.publishing.models import Flipbook

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def document_script(flipbook: Flipbook) -> SafeString:
    """Return the ``application/ld+json`` block; no title can close it early."""
    data = json.dumps(_document(flipbook), ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308 (escaped above)


def _document(flipbook: Flipbook) -> dict[str, Any]:
    published_at = flipbook.published_at or flipbook.created_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": flipbook.title,
        "description": flipbook.description,
        "url": direct_link(flipbook),
        "thumbnailUrl": cover_link(flipbook),
        "datePublished": published_at.isoformat(timespec="seconds"),
        "dateModified": flipbook.updated_at.isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "name": flipbook.workspace.name},
    }
    if flipbook.shown_edition.language:
        data["inLanguage"] = flipbook.shown_edition.language
    return data
