"""The envelope in its three forms, and the callbacks that must never reach a browser."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bifolio.api.envelope import JSON, XML, accept, form_of, refuse, require_callback
from bifolio.api.statuses import Status, WireProblem


def test_json_carries_code_status_and_data_in_this_order() -> None:
    answer = accept({"views": 1}, JSON)
    assert answer.body == b'{"code":20,"status":"OK","data":{"views":1}}'
    assert answer.http_status == 200
    assert ("Content-Type", "application/json; charset=utf-8") in answer.headers


def test_a_method_that_returns_nothing_has_no_data() -> None:
    assert accept(None, JSON).body == b'{"code":20,"status":"OK"}'


def test_a_refusal_keeps_the_body_exact_and_tells_the_reason_in_a_header() -> None:
    problem = WireProblem(Status.TOO_MANY_A_SECOND, "more than\r\n5 Größen", retry_after_s=3)
    answer = refuse(problem, JSON)
    assert answer.body == b'{"code":31,"status":"Requests per second limit exceeded"}'
    assert dict(answer.headers)["Retry-After"] == "3"
    assert dict(answer.headers)["X-Bifolio-Reason"] == "more than??5 Gr??en"


def test_jsonp_is_a_script_that_nothing_else_can_be_taken_for() -> None:
    answer = accept({"title": "a\u2028b\u2029"}, form_of({"format": "jsonp", "callback": "my.call_$1"}))
    assert answer.body.startswith(b"/**/my.call_$1({")
    assert answer.body.endswith(b"});")
    assert b"\xe2\x80\xa8" not in answer.body
    assert b"\\u2028" in answer.body
    assert dict(answer.headers)["Content-Type"].startswith("application/javascript")
    assert dict(answer.headers)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "callback",
    ["alert(1)//", "a;b", "a b", "1a", "a\n", ".a", "a-b", "aé", "a" * 65, "CWSMIKI0hCD0Up0IZ" * 60, "a[0]"],
)
def test_a_callback_that_is_no_name_is_refused_as_plain_json(callback: str) -> None:
    values = {"format": "jsonp", "callback": callback}
    with pytest.raises(WireProblem) as refusal:
        require_callback(values)
    assert refusal.value.status.code == 40
    assert form_of(values) is JSON


def test_jsonp_without_a_callback_is_missing_a_parameter() -> None:
    with pytest.raises(WireProblem) as refusal:
        require_callback({"format": "jsonp"})
    assert refusal.value.status.code == 30


def test_an_unknown_format_is_json_and_the_word_may_be_in_any_case() -> None:
    assert form_of({"format": "yaml"}) is JSON
    assert form_of({}) is JSON
    assert form_of({"format": "XML"}) is XML


def parsed(data: Any) -> ET.Element:
    return ET.fromstring(accept(data, XML).body)


def test_xml_has_repeated_singular_children() -> None:
    root = parsed({"collectionCount": 2, "collections": [{"items": [{"itemPages": 3}]}, {"items": []}]})
    assert root.tag == "response"
    assert [child.tag for child in root] == ["code", "status", "data"]
    assert len(root.findall("data/collections/collection")) == 2
    assert root.findtext("data/collections/collection/items/item/itemPages") == "3"
    assert parsed({"pages": [{"page": 1}, {"page": 2}]}).findtext("data/pages/page[2]/page") == "2"
    assert parsed([{"type": "contact"}]).findtext("data/lead/type") == "contact"


def test_xml_names_settings_by_attribute_so_that_any_key_is_safe() -> None:
    root = parsed({"playerSettings": {'a"<b> c': "x", "on": True, "none": None, "deep": {"k": [1]}}})
    settings = {e.get("name"): e.text for e in root.findall("data/playerSettings/setting")}
    assert settings == {'a"<b> c': "x", "on": "true", "none": None, "deep": '{"k":[1]}'}


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("]]> & <b>\"'", "]]> & <b>\"'"),
        ("a\x00b\x0b\ufffe\uffffc", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("\t lines \r\n and \r", "\t lines \r\n and \r"),
        ("emoji 😀", "emoji 😀"),
    ],
)
def test_xml_is_well_formed_for_any_text(title: str, kept: str) -> None:
    assert parsed({"title": title}).findtext("data/title") == kept


def test_a_refusal_in_xml_has_no_data() -> None:
    root = ET.fromstring(refuse(WireProblem(Status.FORBIDDEN, "no"), XML).body)
    assert [(child.tag, child.text) for child in root] == [("code", "43"), ("status", "Forbidden")]


def test_a_refusal_in_jsonp_is_a_script_too() -> None:
    answer = refuse(WireProblem(Status.FORBIDDEN, "no"), form_of({"format": "jsonp", "callback": "f"}))
    assert json.loads(answer.body[6:-2]) == {"code": 43, "status": "Forbidden"}
