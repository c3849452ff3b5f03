"""collection.getEmbed: the iframe that shows a flipbook on any web page."""

from typing import Any

from bifolio.api.action import Action, Caller
from bifolio.api.typed import FlipbookHash, MethodParameters, PageNumber, Pixels
from bifolio.publishing.links import embed_code
from bifolio.publishing.queries import find_flipbook


class _Parameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash
    https: str = ""
    """Ignored: the installation's own address decides."""
    responsive: bool = False
    start_page: PageNumber = 1
    start_book: str = ""
    """Ignored: a collection holds one book."""
    width: Pixels | None = None
    height: Pixels | None = None


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    flipbook = find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash)
    width, height = str(given.width or flipbook.width), str(given.height or flipbook.height)
    if given.responsive:
        width = height = "100%"
    return {"embedCode": embed_code(flipbook, width=width, height=height, start_page=given.start_page)}


ACTION = Action("collection.getEmbed", _Parameters, _perform)
