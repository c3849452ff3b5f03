"""collection.getList: a workspace's flipbooks, filtered, ordered, a stretch at a time."""

from enum import StrEnum
from typing import Any

import msgspec

from bifolio.api.action import Action, Caller
from bifolio.api.collection_object import collection_object
from bifolio.api.details import WireStatus
from bifolio.api.typed import Index, MethodParameters
from bifolio.publishing.queries import list_flipbooks

_USUAL_LENGTH = 50
_GREATEST_LENGTH = 100


class _OrderBy(StrEnum):
    NAME = "name"
    DATE = "date"
    STATUS = "status"


class _OrderMode(StrEnum):
    ASC = "asc"
    DESC = "desc"


class _Parameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    collection_status: WireStatus | None = None
    query: str = ""
    first: Index = msgspec.field(name="from", default=0)
    last: Index | None = msgspec.field(name="to", default=None)
    limit: Index | None = None
    order_by: _OrderBy | None = None
    order_mode: _OrderMode | None = None


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    found = list_flipbooks(
        actor=caller.actor,
        workspace=caller.workspace,
        status=given.collection_status.flipbook_status if given.collection_status else None,
        query=given.query,
        start=given.first,
        limit=_length(given),
        order_by=_order(given),
        descending=given.order_mode is _OrderMode.DESC,
    )
    collections = [collection_object(flipbook) for flipbook in found.flipbooks]
    return {"collectionCount": found.count, "collections": collections}


def _length(given: _Parameters) -> int:
    length = _USUAL_LENGTH if given.limit is None else given.limit
    if given.last is not None:
        length = max(0, given.last - given.first + 1)
    return min(length, _GREATEST_LENGTH)


def _order(given: _Parameters) -> str | None:
    # A direction alone is one of the default order, which is by date.
    if given.order_by is None:
        return _OrderBy.DATE.value if given.order_mode else None
    return given.order_by.value


ACTION = Action("collection.getList", _Parameters, _perform)
