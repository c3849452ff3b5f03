import json
from pathlib import Path
from typing import Any

import pytest

from bifolio.publishing.models import Edition, Flipbook, Page
from bifolio.publishing.spreads import SpreadRules, lay_out, rules_of, spread_pages
from tests.converting import publish

CASES = json.loads(Path("contracts/spreads.json").read_text("utf-8"))["cases"]
WHOLE = SpreadRules(cover_is_alone=True, splits=False)
SPLIT = SpreadRules(cover_is_alone=True, splits=True)
UPRIGHT, SPREAD, TABLE = (420.0, 595.0), (838.0, 594.0), (595.0, 420.0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_pages_lie_side_by_side_as_the_contract_says(case: dict[str, Any]) -> None:
    found = lay_out(case["pageCount"], case["spreadPages"], cover_is_alone=case["coverAlone"])
    assert found == case["spreads"]


@pytest.mark.django_db
class TestSpreadPages:
    @pytest.fixture
    def edition(self) -> Edition:
        return publish().shown_edition

    def give(self, edition: Edition, *sizes: tuple[float, float]) -> None:
        for number, (width_pt, height_pt) in enumerate(sizes, 1):
            Page.objects.create(edition=edition, number=number, width_pt=width_pt, height_pt=height_pt)

    def test_twice_as_wide_and_as_high_as_the_usual_page_is_a_spread(self, edition: Edition) -> None:
        self.give(edition, UPRIGHT, SPREAD, UPRIGHT, TABLE, SPREAD)
        assert spread_pages(edition, WHOLE) == [2, 5]

    def test_a_cover_is_enough_to_know_the_spreads_by(self, edition: Edition) -> None:
        self.give(edition, UPRIGHT, SPREAD, SPREAD, SPREAD)
        assert spread_pages(edition, WHOLE) == [2, 3, 4]

    def test_pages_that_are_all_wide_are_spreads_only_if_the_publisher_splits_them(
        self, edition: Edition
    ) -> None:
        self.give(edition, SPREAD, SPREAD, TABLE)
        assert spread_pages(edition, WHOLE) == []
        assert spread_pages(edition, SPLIT) == [1, 2]

    def test_slides_are_no_spreads(self, edition: Edition) -> None:
        self.give(edition, (1920, 1080), (1920, 1080))
        assert spread_pages(edition, WHOLE) == []


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ({}, WHOLE),
        ({"doublePages": "split", "coverAlone": False}, SpreadRules(cover_is_alone=False, splits=True)),
        ({"doublePages": "SPLIT", "coverAlone": "false"}, SpreadRules(cover_is_alone=False, splits=True)),
        ({"doublePages": 7, "coverAlone": None}, WHOLE),
    ],
)
def test_settings_come_as_json_or_as_text(settings: dict[str, Any], rules: SpreadRules) -> None:
    assert rules_of(Flipbook(player_settings=settings)) == rules
