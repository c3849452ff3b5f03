"""collection.update: change what a flipbook says of itself, or replace its document."""

from dataclasses import replace
from typing import Any

from bifolio.api.action import Action, Caller
from bifolio.api.collection_object import collection_object
from bifolio.api.details import DetailParameters, details_of
from bifolio.api.typed import FlipbookHash
from bifolio.publishing.models import Flipbook
from bifolio.publishing.queries import find_flipbook, require_settled
from bifolio.publishing.services import FlipbookDetails, update_flipbook


class _Parameters(DetailParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    flipbook = find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash)
    details = details_of(given, keep_blank_description=True)
    return collection_object(_update(caller, flipbook, details, given.file_password))


def _update(caller: Caller, flipbook: Flipbook, details: FlipbookDetails, password: str) -> Flipbook:
    if not caller.upload.is_given or caller.upload.is_blank:
        return update_flipbook(actor=caller.actor, flipbook=flipbook, details=details)
    # The service asks again; here it spares a download and comes before the checks of the file.
    require_settled(flipbook, is_replacing=True)
    with caller.upload.open() as file:
        locked = replace(file, password=password)
        return update_flipbook(actor=caller.actor, flipbook=flipbook, details=details, file=locked)


ACTION = Action("collection.update", _Parameters, _perform, takes_file=True)
