"""collection.update: change what a flipbook says of itself, or replace its document."""

from typing import Any

from bifolio.api.action import Action, Caller
from bifolio.api.collection_object import collection_object
from bifolio.api.details import DetailParameters, details_of
from bifolio.api.typed import FlipbookHash
from bifolio.publishing.errors import FlipbookIsProcessing
from bifolio.publishing.models import EditionState, Flipbook
from bifolio.publishing.queries import find_flipbook
from bifolio.publishing.services import FlipbookDetails, update_flipbook


class _Parameters(DetailParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    flipbook = find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash)
    details = details_of(given, keep_blank_description=True)
    return collection_object(_update(caller, flipbook, details))


def _update(caller: Caller, flipbook: Flipbook, details: FlipbookDetails) -> Flipbook:
    if not caller.upload.is_given or caller.upload.is_blank:
        return update_flipbook(actor=caller.actor, flipbook=flipbook, details=details)
    if _is_processing(flipbook):
        # The service asks again; here it spares a download and comes before the checks of the file.
        raise FlipbookIsProcessing(flipbook.hash)
    with caller.upload.open() as file:
        return update_flipbook(actor=caller.actor, flipbook=flipbook, details=details, file=file)


def _is_processing(flipbook: Flipbook) -> bool:
    editions = (flipbook.current_edition, flipbook.next_edition)
    return any(edition is not None and edition.state == EditionState.PROCESSING for edition in editions)


ACTION = Action("collection.update", _Parameters, _perform, takes_file=True)
