"""Pages that are whole spreads, two facing pages drawn as one; and which pages lie side by side.

The rules of the layout are the player's too (player/src/core/spreads.ts): both play contracts/spreads.json.
"""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from bifolio.publishing.models import Edition, Flipbook, Page

_TOLERANCE = 0.05
"""Trimmed and scanned pages differ a little from one another."""
_SPREAD_SHAPES = (1.2, 1.8)
"""Width to height of two facing pages, from books nearly square to tall ones."""


@dataclass(frozen=True, slots=True)
class SpreadRules:
    """A flipbook's settings for its layout, typed.

    ``splits`` shows the halves of a spread page one after another where one page is seen at a time.
    """

    cover_is_alone: bool
    splits: bool


def rules_of(flipbook: Flipbook) -> SpreadRules:
    """Return the rules of ``playerSettings``; without any the cover is alone and spread pages are whole."""
    settings = flipbook.player_settings
    return SpreadRules(
        cover_is_alone=str(settings.get("coverAlone", True)).lower() not in {"false", "0", "off", "no"},
        splits=str(settings.get("doublePages", "whole")).lower() == "split",
    )


def spread_pages(edition: Edition, rules: SpreadRules) -> list[int]:
    """Return the numbers of the converted pages that are whole spreads.

    Those are as high as the usual upright page and twice as wide. A document without any upright page
    may be slides or all spreads: there the publisher's wish to split tells.
    """
    pages = edition.pages.filter(is_placeholder=False)
    wide = pages.filter(width_pt__gt=F("height_pt"))
    usual = _usual(pages.filter(width_pt__lte=F("height_pt")))
    if usual is None:
        usual = _usual(wide) if rules.splits else None
        lowest, highest = _SPREAD_SHAPES
        if usual is None or not lowest <= usual[0] / usual[1] <= highest:
            return []
        usual = usual[0] / 2, usual[1]
    width_pt, height_pt = usual
    found = wide.filter(
        width_pt__range=(2 * width_pt * (1 - _TOLERANCE), 2 * width_pt * (1 + _TOLERANCE)),
        height_pt__range=(height_pt * (1 - _TOLERANCE), height_pt * (1 + _TOLERANCE)),
    )
    return list(found.order_by("number").values_list("number", flat=True))


def lay_out(page_count: int, spread_pages: list[int], *, cover_is_alone: bool) -> list[list[int]]:
    """Return which pages are seen at a time where two lie side by side, in reading order."""
    spreads: list[list[int]] = []
    wide = set(spread_pages)
    waiting: list[int] = []
    for page in range(1, page_count + 1):
        if page in wide:
            spreads += [waiting] if waiting else []
            spreads.append([page])
            waiting = []
        elif page == 1 and cover_is_alone:
            spreads.append([page])
        elif waiting:
            spreads.append([*waiting, page])
            waiting = []
        else:
            waiting = [page]
    return [*spreads, waiting] if waiting else spreads


def _usual(pages: QuerySet[Page]) -> tuple[float, float] | None:
    """Return the size in points that most of the pages have."""
    sizes = (
        pages.values_list("width_pt", "height_pt").annotate(count=Count("pk")).order_by("-count", "width_pt")
    )
    most = sizes.first()
    return (most[0], most[1]) if most else None
