"""collection.getStats: how a flipbook was read, over days and page by page."""

from datetime import date
from typing import Any

from bifolio.accounts.actors import Permission
from bifolio.api.action import Action, Caller
from bifolio.api.statuses import Status, WireProblem
from bifolio.api.typed import FlipbookHash, MethodParameters
from bifolio.publishing.queries import find_flipbook, item_of
from bifolio.stats.queries import CountsOfPage, flipbook_counts, page_counts


class _Parameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    collection_hash: FlipbookHash
    start_date: date | None = None
    end_date: date | None = None
    include_page_stats: bool = False


def _perform(caller: Caller, given: _Parameters) -> dict[str, Any]:
    start, end = given.start_date, given.end_date
    if start is not None and end is not None and end < start:
        raise WireProblem(Status.BAD_REQUEST, "endDate lies before startDate")
    flipbook = find_flipbook(actor=caller.actor, flipbook_hash=given.collection_hash)
    caller.actor.require(Permission.READ_STATS, flipbook.workspace)
    counts = flipbook_counts(flipbook.pk, start=start, end=end)
    data: dict[str, Any] = {
        "impressions": counts.impressions,
        "views": counts.views,
        "time_spent": counts.time_spent_s,
        "downloads": counts.downloads,
    }
    if given.include_page_stats:
        pages = page_counts(flipbook.pk, item_of(flipbook).page_count, start=start, end=end)
        data["pages"] = [_page_object(page) for page in pages]
    return data


def _page_object(page: CountsOfPage) -> dict[str, int]:
    return {"page": page.page, "time_spent": page.time_spent_s, "clicks": page.clicks, "views": page.views}


ACTION = Action("collection.getStats", _Parameters, _perform)
