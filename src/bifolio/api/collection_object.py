"""A flipbook as the wire shows it: the collection object."""

from datetime import UTC, datetime
from typing import Any

from bifolio.publishing.links import cover_link, direct_link
from bifolio.publishing.models import EditionState, Flipbook
from bifolio.publishing.queries import Item, item_of

_FAILURES = {
    "password": "The document wants a password; upload it without one.",
    "unsupported_encryption": "The document's encryption cannot be read; upload it unencrypted.",
    "damaged": "The document is damaged and cannot be opened; export it anew.",
    "no_pages": "The document has no pages.",
    "too_many_pages": "The document has more pages than this installation takes; split it.",
    "no_page_rendered": "No page of the document could be drawn; export it anew.",
    "out_of_time": "The document took too long to convert; simplify or split it.",
    "crashed_repeatedly": "The document stopped the converter again and again; export it anew.",
}
_OTHER_FAILURE = "The document could not be converted; upload it again."


def collection_object(flipbook: Flipbook) -> dict[str, Any]:
    """Return the collection object, its one item included."""
    return {
        "collectionHash": flipbook.hash,
        "collectionTitle": flipbook.title,
        "collectionDescription": flipbook.description,
        "collectionStatus": str(flipbook.status),
        "collectionWidth": flipbook.width,
        "collectionHeight": flipbook.height,
        "playerSettings": flipbook.player_settings,
        "collectionThumbnail": cover_link(flipbook),
        "collectionUrl": direct_link(flipbook),
        "dateCreated": _instant(flipbook.created_at),
        "dateUpdated": _instant(flipbook.updated_at),
        "items": [_item_object(flipbook, item_of(flipbook))],
    }


def _item_object(flipbook: Flipbook, item: Item) -> dict[str, Any]:
    shown = {
        "itemHash": flipbook.hash,
        "itemTitle": flipbook.title,
        "itemStatus": str(EditionState(item.state)),
        "itemPages": item.page_count,
        "itemProgress": item.progress,
    }
    if item.failure:
        shown["itemError"] = _FAILURES.get(item.failure, _OTHER_FAILURE)
    return shown


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
