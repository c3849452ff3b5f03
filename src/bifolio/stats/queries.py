"""The numbers of workspaces, flipbooks and pages. Their time never depends on how many events there were."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet, Sum

from bifolio.stats.models import FlipbookDay, FlipbookTotal, PageDay, PageTotal, WorkspaceTotal


@dataclass(frozen=True, slots=True)
class CountsOfReading:
    """What readers did with a flipbook, or with all flipbooks of a workspace."""

    impressions: int = 0
    views: int = 0
    time_spent_s: int = 0
    downloads: int = 0


@dataclass(frozen=True, slots=True)
class CountsOfPage:
    """What readers did with one page, numbered from 1, over all editions."""

    page: int
    views: int = 0
    clicks: int = 0
    time_spent_s: int = 0


_Day = TypeVar("_Day", FlipbookDay, PageDay)
_READING = ("impressions", "views", "time_spent_s", "downloads")
_PAGE = ("views", "clicks", "time_spent_s")


def workspace_counts(workspace_id: int) -> CountsOfReading:
    """Return the running totals of a workspace, deleted flipbooks included."""
    return _running_total(WorkspaceTotal.objects.filter(workspace_id=workspace_id))


def flipbook_counts(
    flipbook_id: int, *, start: date | None = None, end: date | None = None
) -> CountsOfReading:
    """Return a flipbook's counts from day ``start`` to day ``end``, both included and either open.

    Days are those of the workspace's time zone. Without either, the running totals answer.
    """
    if start is None and end is None:
        return _running_total(FlipbookTotal.objects.filter(flipbook_id=flipbook_id))
    days = _between(FlipbookDay.objects.filter(flipbook_id=flipbook_id), start, end)
    sums = days.aggregate(**{name: Sum(name, default=0) for name in _READING})
    return CountsOfReading(**sums)


def page_counts(
    flipbook_id: int, page_count: int, *, start: date | None = None, end: date | None = None
) -> list[CountsOfPage]:
    """Return the counts of each page from 1 to ``page_count``, in order; days as in flipbook_counts."""
    by_page = {counts.page: counts for counts in _counted_pages(flipbook_id, page_count, start, end)}
    return [by_page.get(page, CountsOfPage(page)) for page in range(1, page_count + 1)]


def _counted_pages(
    flipbook_id: int, page_count: int, start: date | None, end: date | None
) -> list[CountsOfPage]:
    if start is None and end is None:
        totals = PageTotal.objects.filter(flipbook_id=flipbook_id, page__lte=page_count)
        return [CountsOfPage(*row) for row in totals.values_list("page", *_PAGE)]
    days = _between(PageDay.objects.filter(flipbook_id=flipbook_id, page__lte=page_count), start, end)
    sums = days.values("page").annotate(**{f"{name}_sum": Sum(name) for name in _PAGE})
    return [CountsOfPage(*row) for row in sums.values_list("page", *(f"{name}_sum" for name in _PAGE))]


def _running_total(totals: QuerySet[Any]) -> CountsOfReading:
    row = totals.values_list(*_READING).first()
    return CountsOfReading(*row) if row else CountsOfReading()


def _between(days: QuerySet[_Day], start: date | None, end: date | None) -> QuerySet[_Day]:
    if start is not None:
        days = days.filter(day__gte=start)
    if end is not None:
        days = days.filter(day__lte=end)
    return days
