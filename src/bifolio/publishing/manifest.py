"""The manifest: what the player reads of a flipbook (contracts/manifest.schema.json)."""

import time
from typing import Any

from bifolio.infra.page_links import signed_page_base
from bifolio.publishing.models import Edition, EditionState, Flipbook, Page
from bifolio.publishing.spreads import rules_of, spread_pages
from bifolio.publishing.tiles import tiles_of_edition, tiles_of_page

PAGES_A_MANIFEST = 100
GUARDED_LIFETIME_S = 10 * 60
_FIELDS = ("number", "width_pt", "height_pt", "small", "medium", "large", "layers", "is_placeholder")


def manifest_of(
    flipbook: Flipbook, *, start: int, error: str | None, links: dict[str, str]
) -> dict[str, Any]:
    """Return the manifest with up to 100 pages from index ``start`` on.

    ``links`` are the addresses, which depend on the reader's visit (direct, manifest, text, download);
    ``error`` is the sentence for people when the conversion has failed.
    """
    edition = flipbook.shown_edition
    rules = rules_of(flipbook)
    return {
        "version": 1,
        "hash": flipbook.hash,
        "title": flipbook.title,
        "description": flipbook.description,
        "language": edition.language or None,
        "direction": edition.direction,
        "state": edition.state,
        "progress": edition.progress,
        "error": error if edition.state == EditionState.FAILED else None,
        "pageCount": edition.page_count,
        "files": page_base(edition),
        "from": start,
        "pages": _pages(edition, start),
        **tiles_of_edition(),
        "outline": edition.outline,
        "spreadPages": spread_pages(edition, rules),
        "settings": {
            **flipbook.player_settings,
            "allowDownload": allows_download(flipbook),
            "doublePages": "split" if rules.splits else "whole",
            "coverAlone": rules.cover_is_alone,
        },
        "links": links,
    }


def page_base(edition: Edition) -> str:
    """Return the base address of the edition's page files; a draft's is signed and dies within 20 min."""
    if not edition.is_guarded:
        return f"/f/{edition.token}/"
    # Rounded up, so that within ten minutes the addresses stay the same and browsers can cache them.
    expires_at = (int(time.time()) // GUARDED_LIFETIME_S + 2) * GUARDED_LIFETIME_S
    return signed_page_base(edition.token, expires_at=expires_at)


def allows_download(flipbook: Flipbook) -> bool:
    """Whether readers may have the PDF: yes, unless playerSettings say no."""
    setting = flipbook.player_settings.get("allowDownload", True)
    return str(setting).lower() not in {"false", "0", "off", "no", "none"}


def _pages(edition: Edition, start: int) -> list[dict[str, Any] | None]:
    rows = edition.pages.filter(number__gt=start, number__lte=start + PAGES_A_MANIFEST).values(*_FIELDS)
    by_number = {row["number"]: row for row in rows}
    end = min(edition.page_count or max(by_number, default=0), start + PAGES_A_MANIFEST)
    labels: list[str] = edition.page_labels
    return [
        _page(by_number[number], labels) | tiles_of_page(edition.kind, by_number[number])
        if number in by_number
        else None
        for number in range(start + 1, end + 1)
    ]


def _page(row: dict[str, Any], labels: list[str]) -> dict[str, Any]:
    page = {
        "width": round(row["width_pt"], 2),
        "height": round(row["height_pt"], 2),
        "small": row["small"],
        "medium": row["medium"],
        "large": row["large"],
    }
    label = labels[row["number"] - 1] if row["number"] <= len(labels) else ""
    if label and label != str(row["number"]):
        page["label"] = label
    if row["layers"]:
        page["layers"] = row["layers"]
    if row["is_placeholder"]:
        page["placeholder"] = True
    return page


def first_page(edition: Edition) -> Page | None:
    """Return page 1 once it is converted."""
    return edition.pages.filter(number=1).first()
