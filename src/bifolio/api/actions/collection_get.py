"""collection.getCollection: a flipbook as it is now, its conversion's progress included."""

from typing import Any

from bifolio.api.action import Action, Caller
from bifolio.api.collection_object import collection_object
from bifolio.api.typed import FlipbookHash, MethodParameters
from bifolio.publishing.queries import find_flipbook


class _Parameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    return collection_object(find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash))


ACTION = Action("collection.getCollection", _Parameters, _perform)
