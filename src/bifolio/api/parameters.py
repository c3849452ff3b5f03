"""Names and values of a call, read strictly from raw bytes. Never replaces what it cannot read.

Strictness is what keeps the signature safe (security.md A1): extending an MD5 needs control
characters, and moving a boundary needs a name. Must not import Django.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from bifolio.api.statuses import Status, WireProblem

MAX_PARAMETERS = 1000
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BAD_NAME = re.compile(r"[^\x20-\x7e]")
_BAD_VALUE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A call's parameters; of a repeated name the last value counts.

    ``raw_values`` are the same values as they came, still percent-encoded; None where those are
    not text.
    """

    values: dict[str, str]
    raw_values: dict[str, str] | None


def read_parameters(query: bytes, form: bytes, fields: Iterable[tuple[bytes, bytes]]) -> Parameters:
    """Merge query string, URL-encoded body and multipart fields, in this order.

    Raises WireProblem 40 for what is not UTF-8, not percent-encoded rightly, or carries control
    characters.
    """
    values: dict[str, str] = {}
    raw: dict[str, bytes] = {}
    pairs = [*_encoded_pairs(query), *_encoded_pairs(form)]
    decoded = [(_unquote(name), _unquote(value), value) for name, value in pairs]
    decoded += [(name, value, value) for name, value in fields]
    if len(decoded) > MAX_PARAMETERS:
        raise _unreadable(f"the call has more than {MAX_PARAMETERS} parameters")
    for name_bytes, value_bytes, raw_value in decoded:
        name = _name(name_bytes)
        values[name] = _value(name, value_bytes)
        raw[name] = raw_value
    return Parameters(values, _as_text(raw))


def _encoded_pairs(encoded: bytes) -> Iterator[tuple[bytes, bytes]]:
    for part in encoded.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            yield name, value


def _unquote(encoded: bytes) -> bytes:
    if _BAD_ESCAPE.search(encoded):
        raise _unreadable("a % is not followed by two hexadecimal digits; write %25 for a percent sign")
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _name(name: bytes) -> str:
    text = name.decode("latin-1")
    if _BAD_NAME.search(text):
        raise _unreadable("a parameter's name is not plain ASCII")
    return text


def _value(name: str, value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(f"parameter {name} is not UTF-8") from error
    if _BAD_VALUE.search(text):
        raise _unreadable(f"parameter {name} has control characters; only tab and line ends may stand there")
    return text


def _as_text(raw: dict[str, bytes]) -> dict[str, str] | None:
    try:
        return {name: value.decode("utf-8") for name, value in raw.items()}
    except UnicodeDecodeError:
        return None


def _unreadable(reason: str) -> WireProblem:
    return WireProblem(Status.BAD_REQUEST, reason)
