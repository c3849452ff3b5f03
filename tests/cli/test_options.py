from datetime import date
from enum import StrEnum

import pytest
import typer

from bifolio.cli.options import day, one_of, player_settings_of, whole_number


class _Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def test_a_day_is_read() -> None:
    assert day("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "yesterday", "", "01.02.2026"])
def test_what_is_no_day_is_named_with_the_fix(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=f"“{text}” is not a date; write YYYY-MM-DD"):
        day(text)


def test_a_whole_number_is_read_up_to_its_bounds() -> None:
    assert [whole_number(0, 10)(text) for text in ("0", "10")] == [0, 10]
    assert whole_number(1)("4000") == 4000


@pytest.mark.parametrize("text", ["-1", "11", "x", "1.5", ""])
def test_what_is_out_of_bounds_is_named_with_them(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=f"“{text}” is not a whole number from 0 to 10"):
        whole_number(0, 10)(text)
    with pytest.raises(typer.BadParameter, match="of 20 or more"):
        whole_number(20)(text)


def test_a_choice_is_read_or_named_with_all_that_there_are() -> None:
    assert one_of(_Size)("large") is _Size.LARGE
    with pytest.raises(typer.BadParameter, match="“Large” is not one of: small, large"):
        one_of(_Size)("Large")


def test_known_settings_of_the_player_are_checked_and_unknown_ones_kept() -> None:
    pairs = ["doublePages=Split", "coverAlone=no", "allowDownload=false", "logo=any=thing", "colour="]
    assert player_settings_of(pairs) == dict(pair.split("=", 1) for pair in pairs)


@pytest.mark.parametrize(
    ("pair", "allowed"),
    [
        ("doublePages=banana", "whole, split"),
        ("doublePages=", "whole, split"),
        ("coverAlone=maybe", "true, false"),
        ("allowDownload=never", "true, false"),
    ],
)
def test_a_value_without_a_meaning_is_refused_with_those_that_have_one(pair: str, allowed: str) -> None:
    with pytest.raises(typer.BadParameter, match=f"is not one of: {allowed}"):
        player_settings_of([pair])
