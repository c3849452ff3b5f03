"""A method's parameters: from the wire's text to the typed struct that the method declares.

Must not import Django.
"""

import re
import types
from enum import StrEnum
from typing import Annotated, Any, NewType, TypeVar, Union, get_args, get_origin

import msgspec

from bifolio.api.statuses import Status, WireProblem
from bifolio.kernel.ids import FLIPBOOK_HASH

FlipbookHash = NewType("FlipbookHash", str)
Pixels = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Password = Annotated[str, msgspec.Meta(max_length=255)]
Index = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
PageNumber = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]

P = TypeVar("P", bound="MethodParameters")

_DEEPEST_SETTINGS = 32
_TRUE, _FALSE = {"true", "1", "on", "yes"}, {"false", "0", "off", "no"}
_SETTING = re.compile(r"playerSettings\[([^\[\]]+)\]")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_PATH = re.compile(r"(?P<complaint>.*) - at `\$\.(?P<name>\w+)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class MethodParameters(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of every method's parameters: names in camel case on the wire, blank means not given."""


class NoParameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    """Of a method that takes none of its own."""


def read_typed(kind: type[P], values: dict[str, str]) -> P:
    """Return the method's parameters; names that it does not declare have no effect.

    Raises WireProblem: 30 for a required one that is missing or empty, 46 for a malformed hash,
    40 for any other value that cannot be.
    """
    fields = msgspec.structs.fields(kind)
    for field in fields:
        if field.required and not values.get(field.encode_name):
            raise WireProblem(Status.MISSING_PARAMETER, f"{field.encode_name} is missing or empty")
    _require_hash(values.get("collectionHash", ""), fields)
    given: dict[str, Any] = {}
    for field in fields:
        text = values.get(field.encode_name)
        if field.encode_name == "playerSettings":
            given[field.encode_name] = _player_settings(values)
        elif text is not None and (text or _may_be_blank(field.type)):
            given[field.encode_name] = _plain(field.encode_name, text, field.type)
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise _malformed(str(error)) from error


def _require_hash(text: str, fields: tuple[msgspec.structs.FieldInfo, ...]) -> None:
    is_wanted = any(field.type is FlipbookHash for field in fields)
    if is_wanted and not FLIPBOOK_HASH.fullmatch(text):
        raise WireProblem(Status.INVALID_HASH, "collectionHash is not 7 to 10 lower-case letters and digits")


def _plain(name: str, text: str, kind: Any) -> Any:  # noqa: ANN401
    wanted = _bare(kind)
    if wanted is bool:
        return _boolean(name, text)
    if wanted is int:
        if not _INTEGER.fullmatch(text):
            raise WireProblem(Status.BAD_REQUEST, f"{name} is not a whole number")
        return int(text)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return text.lower()
    return text


def _boolean(name: str, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise WireProblem(Status.BAD_REQUEST, f"{name} is neither true nor false")


def _bare(kind: Any) -> Any:  # noqa: ANN401
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, types.UnionType}:
        return _bare(next(part for part in get_args(kind) if part is not type(None)))
    return kind


def _may_be_blank(kind: Any) -> bool:  # noqa: ANN401
    return _bare(kind) is str


def _malformed(complaint: str) -> WireProblem:
    found = _PATH.fullmatch(complaint) or _PATH.match(complaint)
    name = found["name"] if found else "a parameter"
    return WireProblem(Status.BAD_REQUEST, f"{name}: {found['complaint'] if found else complaint}")


def _player_settings(values: dict[str, str]) -> dict[str, Any] | None:
    settings = _settings_object(values.get("playerSettings", ""))
    for name, text in values.items():
        found = _SETTING.fullmatch(name)
        if found:
            settings = {**(settings or {}), found[1]: text}
    return settings


def _settings_object(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        settings = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise WireProblem(Status.BAD_REQUEST, "playerSettings is not JSON") from error
    if not isinstance(settings, dict):
        raise WireProblem(Status.BAD_REQUEST, "playerSettings is JSON and not an object")
    # An escape in JSON would smuggle in what the wire forbids and PostgreSQL cannot keep.
    if any(_CONTROL.search(word) for word in _words(settings, _DEEPEST_SETTINGS)):
        raise WireProblem(Status.BAD_REQUEST, "playerSettings has control characters")
    return settings


def _words(value: object, deeper: int) -> list[str]:
    if deeper < 0:
        raise WireProblem(Status.BAD_REQUEST, "playerSettings is nested too deeply")
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [word for pair in value.items() for part in pair for word in _words(part, deeper - 1)]
    if isinstance(value, list):
        return [word for part in value for word in _words(part, deeper - 1)]
    return []
