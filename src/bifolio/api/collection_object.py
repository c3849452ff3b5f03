"""A flipbook as the wire shows it: the collection object."""

from datetime import UTC, datetime
from typing import Any

from bifolio.publishing.failures import failure_sentence
from bifolio.publishing.links import cover_link, direct_link
from bifolio.publishing.models import EditionState, Flipbook
from bifolio.publishing.queries import Item, item_of


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
        shown["itemError"] = failure_sentence(item.failure)
    return shown


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
