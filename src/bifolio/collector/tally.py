"""Sums the gains of a batch into rows of the statistics tables. No I/O."""

from collections.abc import Iterable, Sequence

from bifolio.collector.granting import Gain
from bifolio.collector.statements import Row

_Key = tuple[int, ...]
_PageCounts = dict[int, list[int]]


class Tally:
    """What a batch adds, by flipbook and day and by page and day.

    Rows come sorted by their keys: every writer locks rows in this one order, so none waits in a circle.
    """

    def __init__(self) -> None:
        self._days: dict[tuple[int, str, int], tuple[list[int], _PageCounts]] = {}

    def add(self, workspace_id: int, flipbook_id: int, day: str, gain: Gain) -> None:
        """Add one gain."""
        key = (flipbook_id, day, workspace_id)
        sums = self._days.get(key)
        if sums is None:
            sums = self._days[key] = [0, 0, 0, 0], {}
        counts, pages = sums
        counts[0] += gain.impressions
        counts[1] += gain.views
        counts[2] += gain.time_spent_s
        counts[3] += gain.downloads
        for page, views, clicks, time_spent_s in gain.pages:
            had = pages.get(page)
            if had is None:
                pages[page] = [views, clicks, time_spent_s]
            else:
                had[0] += views
                had[1] += clicks
                had[2] += time_spent_s

    def flipbook_day_rows(self) -> list[Row]:
        """Return rows of flipbook, day, workspace, impressions, views, seconds, downloads."""
        return [(*key, *counts) for key, (counts, _) in sorted(self._days.items()) if any(counts)]

    def flipbook_rows(self) -> list[Row]:
        """Return rows of flipbook, workspace, impressions, views, seconds, downloads."""
        return _rows_of_sums(((key[0], key[2]), counts) for key, (counts, _) in self._days.items())

    def workspace_rows(self) -> list[Row]:
        """Return rows of workspace, impressions, views, seconds, downloads."""
        return _rows_of_sums(((key[2],), counts) for key, (counts, _) in self._days.items())

    def page_day_rows(self) -> list[Row]:
        """Return rows of flipbook, day, page, views, clicks, seconds."""
        return [
            (flipbook_id, day, page, *counts)
            for (flipbook_id, day, _), (_, pages) in sorted(self._days.items())
            for page, counts in sorted(pages.items())
        ]

    def page_rows(self) -> list[Row]:
        """Return rows of flipbook, page, views, clicks, seconds."""
        return _rows_of_sums(
            ((flipbook_id, page), counts)
            for (flipbook_id, _, _), (_, pages) in self._days.items()
            for page, counts in pages.items()
        )


def _rows_of_sums(counted: Iterable[tuple[_Key, Sequence[int]]]) -> list[Row]:
    sums: dict[_Key, Sequence[int]] = {}
    for key, counts in counted:
        had = sums.get(key)
        sums[key] = counts if had is None else [old + new for old, new in zip(had, counts, strict=True)]
    return [(*key, *counts) for key, counts in sorted(sums.items()) if any(counts)]
