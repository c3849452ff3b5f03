"""Which part of a file a request asks for (RFC 9110, sections 13 and 14)."""

import re
from dataclasses import dataclass

from bifolio.entry.asgi_types import Scope, header

_ONE_RANGE = re.compile(rb"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """What to send: ``status`` 200, 206, 304 or 416, and ``length`` bytes from ``start`` on."""

    status: int
    start: int
    length: int


def wanted_part(scope: Scope, size_bytes: int, etag: bytes) -> Part:
    """Judge the request's conditions and its range.

    Several ranges, and what is no range, are answered with the whole, as the standard allows.
    """
    if _matches(header(scope, b"if-none-match"), etag):
        return Part(304, 0, 0)
    found = _ONE_RANGE.fullmatch(header(scope, b"range").replace(b" ", b""))
    condition = header(scope, b"if-range")
    if found is None or found.group() == b"bytes=-" or condition not in {b"", etag}:
        return Part(200, 0, size_bytes)
    start, end = _bounds(found["first"], found["last"], size_bytes)
    if found["first"] and found["last"] and int(found["last"]) < start:
        return Part(200, 0, size_bytes)
    return Part(206, start, end - start) if start < end else Part(416, 0, 0)


def _bounds(first: bytes, last: bytes, size_bytes: int) -> tuple[int, int]:
    if not first:
        return max(0, size_bytes - int(last)), size_bytes
    return int(first), min(int(last) + 1, size_bytes) if last else size_bytes


def _matches(condition: bytes, etag: bytes) -> bool:
    tags = {tag.strip().removeprefix(b"W/") for tag in condition.split(b",")}
    return etag in tags or b"*" in tags
