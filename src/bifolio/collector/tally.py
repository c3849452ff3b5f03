"""Sums the gains of a batch into rows of the statistics tables. No I/O."""

from collections.abc import Sequence

from bifolio.collector.granting import Gain
from bifolio.collector.statements import Row

_Sums = dict[tuple[int, ...], Sequence[int]]


class Tally:
    """What a batch adds, by flipbook and day and by page and day.

    Rows come sorted by their keys: every writer locks rows in this one order, so none waits in a circle.
    """

    def __init__(self) -> None:
        self._flipbook_days: dict[tuple[int, str, int], list[int]] = {}
        self._page_days: dict[tuple[int, str, int], tuple[int, int, int]] = {}

    def add(self, workspace_id: int, flipbook_id: int, day: str, gain: Gain) -> None:
        """Add one gain."""
        counts = self._flipbook_days.setdefault((flipbook_id, day, workspace_id), [0, 0, 0, 0])
        counts[0] += gain.impressions
        counts[1] += gain.views
        counts[2] += gain.time_spent_s
        counts[3] += gain.downloads
        page_days = self._page_days
        for page, views, clicks, time_spent_s in gain.pages:
            key = (flipbook_id, day, page)
            had = page_days.get(key)
            page_days[key] = (
                (views, clicks, time_spent_s)
                if had is None
                else (had[0] + views, had[1] + clicks, had[2] + time_spent_s)
            )

    def flipbook_day_rows(self) -> list[Row]:
        """Return rows of flipbook, day, workspace, impressions, views, seconds, downloads."""
        return [[*key, *counts] for key, counts in sorted(self._flipbook_days.items()) if any(counts)]

    def flipbook_rows(self) -> list[Row]:
        """Return rows of flipbook, workspace, impressions, views, seconds, downloads."""
        sums: _Sums = {}
        for (flipbook_id, _, workspace_id), counts in self._flipbook_days.items():
            _add_up(sums, (flipbook_id, workspace_id), counts)
        return _rows(sums)

    def workspace_rows(self) -> list[Row]:
        """Return rows of workspace, impressions, views, seconds, downloads."""
        sums: _Sums = {}
        for (_, _, workspace_id), counts in self._flipbook_days.items():
            _add_up(sums, (workspace_id,), counts)
        return _rows(sums)

    def page_day_rows(self) -> list[Row]:
        """Return rows of flipbook, day, page, views, clicks, seconds."""
        return [[*key, *counts] for key, counts in sorted(self._page_days.items())]

    def page_rows(self) -> list[Row]:
        """Return rows of flipbook, page, views, clicks, seconds."""
        sums: _Sums = {}
        for (flipbook_id, _, page), counts in self._page_days.items():
            _add_up(sums, (flipbook_id, page), counts)
        return _rows(sums)


def _add_up(sums: _Sums, key: tuple[int, ...], counts: Sequence[int]) -> None:
    had = sums.get(key)
    sums[key] = counts if had is None else [old + new for old, new in zip(had, counts, strict=True)]


def _rows(sums: _Sums) -> list[Row]:
    return [[*key, *counts] for key, counts in sorted(sums.items()) if any(counts)]
