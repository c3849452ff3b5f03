"""Every action of the wire by its name. An action that is not here answers 42."""

from typing import Any

from bifolio.api.action import Action
from bifolio.api.actions import (
    collection_create,
    collection_delete,
    collection_embed,
    collection_get,
    collection_list,
    collection_stats,
    collection_update,
    user_stats,
)

ACTIONS: dict[str, Action[Any]] = {
    action.name: action
    for action in (
        collection_create.ACTION,
        collection_get.ACTION,
        collection_update.ACTION,
        collection_delete.ACTION,
        collection_embed.ACTION,
        collection_stats.ACTION,
        collection_list.ACTION,
        user_stats.ACTION,
    )
}
