"""From the wire's text to typed parameters."""

from datetime import date
from typing import Any

import pytest

from bifolio.api.actions.collection_list import ACTION as LIST
from bifolio.api.actions.collection_stats import ACTION as STATS
from bifolio.api.actions.collection_update import ACTION as UPDATE
from bifolio.api.details import WireStatus
from bifolio.api.statuses import WireProblem
from bifolio.api.typed import read_typed

HASH = {"collectionHash": "fxh4k89"}


def code(kind: Any, values: dict[str, str]) -> int:
    with pytest.raises(WireProblem) as refusal:
        read_typed(kind, values)
    return refusal.value.status.code


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "1", "on", "On"])
def test_truth_is_known_in_any_case(text: str) -> None:
    assert read_typed(STATS.parameters, {**HASH, "includePageStats": text}).include_page_stats is True


@pytest.mark.parametrize("text", ["false", "False", "0", "off", ""])
def test_falsehood_too(text: str) -> None:
    assert read_typed(STATS.parameters, {**HASH, "includePageStats": text}).include_page_stats is False


def test_a_missing_or_empty_required_parameter_is_30() -> None:
    assert code(STATS.parameters, {}) == 30
    assert code(STATS.parameters, {"collectionHash": ""}) == 30


@pytest.mark.parametrize(
    "text", ["abc", "fxh4k8", "fxh4k89aaaa", "FXH4K89", "fxh4k8é", "fxh4k89\n", "../../etc"]
)
def test_a_malformed_hash_is_46_before_any_other_complaint(text: str) -> None:
    assert code(STATS.parameters, {"collectionHash": text, "startDate": "never"}) == 46


@pytest.mark.parametrize("text", ["fxh4k89", "fxh4k89a", "fxh4k89ab", "fxh4k89abc"])
def test_hashes_of_every_generation_are_taken(text: str) -> None:
    assert read_typed(STATS.parameters, {"collectionHash": text}).collection_hash == text


def test_dates_are_whole_days() -> None:
    assert read_typed(STATS.parameters, {**HASH, "startDate": "2026-02-28"}).start_date == date(2026, 2, 28)
    for text in ("2026-02-30", "28.02.2026", "2026-2-8", "2026-02-28T00:00:00", "20260228"):
        assert code(STATS.parameters, {**HASH, "endDate": text}) == 40


@pytest.mark.parametrize("text", ["abc", "1.0", "1e2", "0", "-5", "99999999999999999999", " 1", "١", "null"])
def test_sizes_are_whole_and_sensible(text: str) -> None:
    assert code(UPDATE.parameters, {**HASH, "collectionWidth": text}) == 40


def test_words_are_taken_in_any_case_and_unknown_ones_are_not() -> None:
    assert read_typed(LIST.parameters, {"collectionStatus": "Public"}).collection_status is WireStatus.PUBLIC
    assert code(LIST.parameters, {"collectionStatus": "secret"}) == 40
    assert code(LIST.parameters, {"orderBy": "size"}) == 40


def test_text_that_looks_like_nothing_is_text() -> None:
    assert read_typed(UPDATE.parameters, {**HASH, "title": "null"}).title == "null"


def test_unknown_parameters_have_no_effect() -> None:
    assert read_typed(LIST.parameters, {"unheardOf": "1"}) == read_typed(LIST.parameters, {})


def settings(**values: str) -> Any:
    return read_typed(UPDATE.parameters, {**HASH, **values}).player_settings


def test_player_settings_come_as_json_or_as_pairs() -> None:
    assert settings() is None
    assert settings(playerSettings='{"logo":{"url":"x"},"n":1}') == {"logo": {"url": "x"}, "n": 1}
    assert settings(**{"playerSettings[a b]": "1", "playerSettings[c]": ""}) == {"a b": "1", "c": ""}
    assert settings(**{"playerSettings": '{"a":1,"b":2}', "playerSettings[a]": "3"}) == {"a": "3", "b": 2}


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "1", '"a"', '{"a":"\\u0000"}', '{"\\u0001":1}', '{"a":NaN}', '{"a":1e999}',
        '{"a":"\\ud800"}',
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}", '{"a":' + "[" * 200 + "]" * 200 + "}",
    ],
)  # fmt: skip
def test_player_settings_that_are_no_plain_object_are_40(text: str) -> None:
    assert code(UPDATE.parameters, {**HASH, "playerSettings": text}) == 40
