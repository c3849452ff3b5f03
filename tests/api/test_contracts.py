"""The golden pairs under contracts/api, each played against the real wire, and complete as a set."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bifolio.api.registry import ACTIONS
from bifolio.api.signing import signature_of
from bifolio.api.statuses import Status
from bifolio.infra.received import ReceivedBody
from tests.api.client import Client, Reply, received
from tests.api.situations import DOCUMENTS, SITUATIONS

CONTRACTS = Path(__file__).parents[2] / "contracts" / "api"
# Only flipbook.delete can answer it, and that action is not built yet.
NOT_YET_ANSWERED = {Status.NO_FLIPBOOK_DELETE}
Pair = dict[str, Any]


@dataclass(frozen=True)
class Golden:
    """A pair and where it stands."""

    file: Path
    pair: Pair


def golden_pairs() -> list[Golden]:
    files = sorted(CONTRACTS.glob("actions/*.json")) + sorted(CONTRACTS.glob("statuses/*.json"))
    return [Golden(file, pair) for file in files for pair in json.loads(file.read_text("utf-8"))]


def name_of(golden: Golden) -> str:
    return f"{golden.file.stem}: {golden.pair['case']}"


@pytest.mark.django_db
@pytest.mark.parametrize("golden", golden_pairs(), ids=name_of)
def test_the_wire_answers_as_the_golden_pair_says(
    golden: Golden, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: dict[str, str] = {}
    for situation in golden.pair["given"]:
        words |= SITUATIONS[situation](client, monkeypatch)
    reply = play(client, golden.pair["request"], words)
    expected = golden.pair["response"]
    assert reply.http_status == expected["http"]
    assert_like(
        expected["headers"], {name: reply.headers.get(name) for name in expected["headers"]}, words, "headers"
    )
    if isinstance(expected["body"], str):
        assert_like(expected["body"], reply.raw.decode(), words, "body")
    else:
        assert_like(expected["body"], reply.body, words, "body")


def play(client: Client, request: Pair, words: dict[str, str]) -> Reply:
    """Send a pair's request. Left-out ``apiKey`` and ``signature`` are added as they should be."""
    parameters = {name: filled(value, words) for name, value in request["parameters"].items()}
    signed = {**client.signed(parameters), **parameters}
    call = {name: value for name, value in signed.items() if name not in request.get("without", [])}
    if request["transport"] == "query":
        return client.send(call, request["method"])
    if request["transport"] == "raw query":
        return client.send_raw(request["query"].encode("latin-1"), request["method"])
    fields = tuple((name.encode(), value.encode()) for name, value in call.items())
    if "file" not in request:
        return client.send({}, request["method"], ReceivedBody(fields))
    document, count = DOCUMENTS[request["file"]["content"]], request["file"].get("count", 1)
    with received(document, request["file"]["name"]) as file:
        return client.send({}, request["method"], ReceivedBody(fields, file=file, file_count=count))


def filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def assert_like(expected: Any, found: Any, words: dict[str, str], where: str) -> None:
    """Compare a value with what a pair declares; text after ``~`` is a pattern for the whole of it."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), where
        assert list(found) == list(expected), where
        for name, value in expected.items():
            assert_like(value, found[name], words, f"{where}.{name}")
    elif isinstance(expected, list):
        assert isinstance(found, list), where
        assert len(found) == len(expected), where
        for index, (wanted, value) in enumerate(zip(expected, found, strict=True)):
            assert_like(wanted, value, words, f"{where}[{index}]")
    elif isinstance(expected, str) and expected.startswith("~"):
        assert re.fullmatch(filled(expected[1:], words), str(found), re.DOTALL), (where, expected, found)
    elif isinstance(expected, str):
        assert found == filled(expected, words), where
    else:
        assert type(found) is type(expected), where
        assert found == expected, where


def test_every_action_has_its_file_of_pairs_and_no_other_does() -> None:
    assert {file.stem for file in CONTRACTS.glob("actions/*.json")} == set(ACTIONS)
    for golden in golden_pairs():
        if golden.file.parent.name == "actions":
            assert golden.pair["request"]["parameters"]["action"] == golden.file.stem


def test_every_status_has_a_pair_that_carries_its_code_and_text() -> None:
    answered = {
        (golden.pair["response"]["body"]["code"], golden.pair["response"]["body"]["status"])
        for golden in golden_pairs()
        if isinstance(golden.pair["response"]["body"], dict)
    }
    assert answered == {(status.code, status.text) for status in set(Status) - NOT_YET_ANSWERED}


def test_each_file_of_a_status_holds_pairs_of_that_status() -> None:
    for golden in golden_pairs():
        if golden.file.parent.name == "statuses":
            assert golden.pair["response"]["body"]["code"] == int(golden.file.stem)


def test_the_signature_vectors_are_signed_right() -> None:
    vectors = json.loads((CONTRACTS / "signatures.json").read_text("utf-8"))
    for vector in vectors["calls"]:
        assert signature_of(vectors["secret"], vector["parameters"]) == vector["signature"]
