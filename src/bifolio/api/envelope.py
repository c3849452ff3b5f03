"""The one envelope of the wire, as JSON, JSONP or XML. Must not import Django."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import msgspec

from bifolio.api.metrics import ANSWERS
from bifolio.api.statuses import Status, WireProblem
from bifolio.api.wire import WireAnswer

CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}", re.ASCII)
_SINGULAR = {"collections": "collection", "items": "item", "pages": "page", "data": "lead"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_HEADER = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is written down."""

    content_type: str
    render: Callable[[dict[str, object]], bytes]


def form_of(values: Mapping[str, str]) -> Form:
    """Return the form that a signed call asks for; plain JSON until its callback is known to be good."""
    wanted = values.get("format", "").lower()
    if wanted == "xml":
        return XML
    callback = values.get("callback", "")
    if wanted == "jsonp" and CALLBACK.fullmatch(callback):
        return Form("application/javascript; charset=utf-8", lambda body: _jsonp(callback, body))
    return JSON


def require_callback(values: Mapping[str, str]) -> None:
    """Raise WireProblem when JSONP is asked for without a callback (30) or with a wrong one (40)."""
    if values.get("format", "").lower() != "jsonp":
        return
    callback = values.get("callback", "")
    if not callback:
        raise WireProblem(Status.MISSING_PARAMETER, "callback is missing; format=jsonp needs it")
    if not CALLBACK.fullmatch(callback):
        raise WireProblem(
            Status.BAD_REQUEST,
            "callback is not a JavaScript name of at most 64 letters, digits, dots, _ and $",
        )


def accept(data: object, form: Form) -> WireAnswer:
    """Write down a success; ``data`` None means that the method returns nothing."""
    body = {"code": Status.OK.code, "status": Status.OK.text}
    return _answer(body if data is None else {**body, "data": data}, form)


def refuse(problem: WireProblem, form: Form, *, http_status: int = 200) -> WireAnswer:
    """Write down a refusal; the reason goes into a header, the body stays exact."""
    headers = [("X-Bifolio-Reason", _NOT_HEADER.sub("?", problem.reason)[:500])]
    if problem.retry_after_s is not None:
        headers.append(("Retry-After", str(problem.retry_after_s)))
    body = {"code": problem.status.code, "status": problem.status.text}
    return _answer(body, form, tuple(headers), http_status)


def _answer(
    body: dict[str, object], form: Form, headers: tuple[tuple[str, str], ...] = (), http_status: int = 200
) -> WireAnswer:
    always = (
        ("Content-Type", form.content_type),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    )
    ANSWERS.labels(str(body["code"])).inc()
    return WireAnswer(http_status, always + headers, form.render(body))


def _jsonp(callback: str, body: dict[str, object]) -> bytes:
    # Line separators are allowed in JSON and were not in JavaScript before 2019.
    script = (
        msgspec.json.encode(body).replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    )
    return b"/**/" + callback.encode() + b"(" + script + b");"


def _xml(body: dict[str, object]) -> bytes:
    root = ET.Element("response")
    for name, value in body.items():
        _append(root, name, value)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    # A bare carriage return would come back as a line feed.
    return text.replace(b"\r", b"&#13;")


def _append(parent: ET.Element, name: str, value: object) -> None:
    element = ET.SubElement(parent, name)
    if name == "playerSettings" and isinstance(value, dict):
        for key, setting in value.items():
            ET.SubElement(element, "setting", name=_xml_text(key)).text = _xml_text(setting)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _append(element, key, inner)
    elif isinstance(value, list):
        for inner in value:
            _append(element, _SINGULAR[name], inner)
    else:
        element.text = _xml_text(value)


def _xml_text(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return _NOT_XML.sub("", "" if value is None else text)


JSON = Form("application/json; charset=utf-8", msgspec.json.encode)
XML = Form("application/xml; charset=utf-8", _xml)
