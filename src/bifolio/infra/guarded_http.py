"""The one client for outgoing HTTP: it reaches only what address_guard lets it reach (security.md S1 to S6).

A host is never parsed here: it is resolved once, every address that comes back is judged, and the
connection goes to a judged address, so that no spelling and no second answer of a name server
leads elsewhere. Must not import Django.
"""

import errno
import re
import ssl
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import certifi
import httpcore

from bifolio.infra.address_guard import Network
from bifolio.infra.guarded_connection import (
    FetchFailed,
    FetchProblem,
    GuardedBackend,
    Resolve,
    resolve_by_system,
    time_left,
)
from bifolio.infra.incoming import IncomingWriter, WrittenFile

MAX_REDIRECTS = 3
IDLE_TIMEOUT_S = 15.0
CONNECT_TIMEOUT_S = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_WORTH_A_RETRY = {408, 425, 429}
_SAFE_IN_URLS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A fetched body below BIFOLIO_DATA; ``file_name`` is the last part of the address."""

    written: WrittenFile
    file_name: str


@dataclass(frozen=True, slots=True)
class _Target:
    """A checked address: scheme, ASCII host, port, and what comes after them."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a body has to stay within."""

    max_bytes: int | None
    deadline: float
    has_room: Callable[[int], bool]


class GuardedClient:
    """Fetches addresses that strangers have named.

    ``private_networks`` may be reached in spite of the guard. One client serves any number of threads.
    """

    def __init__(
        self, private_networks: Sequence[Network] = (), resolve: Resolve = resolve_by_system
    ) -> None:
        self._private_networks = private_networks
        self._resolve = resolve

    def fetch(
        self,
        url: str,
        *,
        data: Path,
        max_bytes: int | None,
        deadline_s: float,
        idle_s: float = IDLE_TIMEOUT_S,
        has_room: Callable[[int], bool] = lambda _: True,
    ) -> FetchedFile:
        """Fetch an address into DATA/incoming. Raises FetchFailed and OSError; then no file is left.

        Follows up to 3 redirects, each judged anew. ``deadline_s`` is for everything together.
        ``has_room`` tells whether so many more bytes fit on the disk.
        """
        deadline = time.monotonic() + deadline_s
        target = _parse(url)
        for _ in range(MAX_REDIRECTS + 1):
            with self._request(target, deadline, idle_s) as response:
                if response.status not in _REDIRECTS:
                    written = _store(response, data, _Bounds(max_bytes, deadline, has_room))
                    return FetchedFile(written, _file_name(target))
                target = _follow(target, response)
        raise FetchFailed(FetchProblem.BAD_ANSWER, "redirects too often", permanent=True)

    @contextmanager
    def _request(self, target: _Target, deadline: float, idle_s: float) -> Iterator[httpcore.Response]:
        backend = GuardedBackend(self._resolve, self._private_networks, deadline)
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        headers = [
            (b"Host", _host_header(target).encode()),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"identity"),
            (b"User-Agent", b"Bifolio"),
            (b"Connection", b"close"),
        ]
        timeouts = {"connect": CONNECT_TIMEOUT_S, "read": idle_s, "write": idle_s, "pool": None}
        with (
            _told_apart(),
            httpcore.ConnectionPool(_tls(), network_backend=backend) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response,
        ):
            yield response


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what httpcore raises into FetchFailed."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise FetchFailed(FetchProblem.TOO_SLOW, repr(error), permanent=False) from error
    except httpcore.NetworkError as error:
        raise FetchFailed(FetchProblem.UNREACHABLE, repr(error), permanent=False) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchFailed(FetchProblem.BAD_ANSWER, repr(error), permanent=False) from error


@cache
def _tls() -> ssl.SSLContext:
    # The system's authorities first, so that an operator's own one counts; certifi where there are none.
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _parse(url: str) -> _Target:
    if re.search(r"[\x00-\x1f\x7f\\]", url):
        raise _bad_address("has control characters")
    try:
        parts = urllib.parse.urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _bad_address(str(error)) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise _bad_address("is not http or https with a host")
    path = urllib.parse.quote(parts.path or "/", safe=_SAFE_IN_URLS)
    query = urllib.parse.quote(parts.query, safe=_SAFE_IN_URLS)
    return _Target(
        parts.scheme,
        _ascii_host(host),
        port or (443 if parts.scheme == "https" else 80),
        f"{path}?{query}" if query else path,
    )


def _ascii_host(host: str) -> str:
    if ":" in host:
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise _bad_address("has an impossible host") from error


def _bad_address(detail: str) -> FetchFailed:
    return FetchFailed(FetchProblem.BAD_ADDRESS, detail, permanent=True)


def _host_header(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    default_port = 443 if target.scheme == "https" else 80
    return host if target.port == default_port else f"{host}:{target.port}"


def _follow(target: _Target, response: httpcore.Response) -> _Target:
    location = _header(response, b"location").decode("latin-1")
    here = f"{target.scheme}://{_host_header(target)}{target.path}"
    if not location:
        raise FetchFailed(FetchProblem.BAD_ANSWER, "redirects to nowhere", permanent=True)
    try:
        following = _parse(urllib.parse.urljoin(here, location))
    except ValueError as error:
        raise _bad_address("redirects to no address") from error
    if target.scheme == "https" and following.scheme == "http":
        raise FetchFailed(FetchProblem.REFUSED, "redirects from https to http", permanent=True)
    return following


def _store(response: httpcore.Response, data: Path, bounds: _Bounds) -> WrittenFile:
    _check_head(response, bounds.max_bytes)
    writer = IncomingWriter(data)
    try:
        for chunk in response.iter_stream():
            time_left(bounds.deadline)
            _refuse_over(bounds.max_bytes, writer.size_bytes + len(chunk))
            _require_room(bounds, len(chunk))
            writer.append(chunk)
        return writer.finish()
    except BaseException:
        writer.discard()
        raise


def _check_head(response: httpcore.Response, max_bytes: int | None) -> None:
    if response.status != 200:
        is_passing = response.status >= 500 or response.status in _WORTH_A_RETRY
        raise FetchFailed(FetchProblem.BAD_ANSWER, f"status {response.status}", permanent=not is_passing)
    if _header(response, b"content-encoding").strip().lower() not in {b"", b"identity"}:
        raise FetchFailed(FetchProblem.BAD_ANSWER, "the body is encoded", permanent=True)
    length = _header(response, b"content-length")
    _refuse_over(max_bytes, int(length) if length.isdigit() else 0)


def _require_room(bounds: _Bounds, size_bytes: int) -> None:
    if not bounds.has_room(size_bytes):
        raise OSError(errno.ENOSPC, "the disk is almost full")


def _refuse_over(max_bytes: int | None, size_bytes: int) -> None:
    if max_bytes is not None and size_bytes > max_bytes:
        raise FetchFailed(FetchProblem.TOO_LARGE, "the body is too large", permanent=True)


def _header(response: httpcore.Response, name: bytes) -> bytes:
    return next((value for key, value in response.headers if key.lower() == name), b"")


def _file_name(target: _Target) -> str:
    last = target.path.partition("?")[0].rpartition("/")[2]
    return urllib.parse.unquote(last, errors="replace")
