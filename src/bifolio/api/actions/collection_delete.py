"""collection.deleteCollection: take a flipbook back for good."""

from bifolio.api.action import Action, Caller
from bifolio.api.typed import FlipbookHash, MethodParameters
from bifolio.publishing.queries import find_flipbook
from bifolio.publishing.services import delete_flipbook


class _Parameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash


def _perform(caller: Caller, given: _Parameters) -> None:
    flipbook = find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash)
    delete_flipbook(actor=caller.actor, flipbook=flipbook)


ACTION = Action("collection.deleteCollection", _Parameters, _perform)
