"""The door: POST /reading in, 204 out once the commit that holds it is on disk. Imports no Django."""

import gc
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bifolio.collector.beacons import read_claim
from bifolio.collector.deadlines import Deadlines
from bifolio.collector.errors import BeaconDropped, DropReason
from bifolio.collector.group_commit import GroupCommit, Outcome
from bifolio.collector.ledger import Ledger
from bifolio.collector.metrics import DROPPED
from bifolio.infra.configuration import Configuration
from bifolio.kernel.signatures import derive_key

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/reading"
MOST_BODY_BYTES = 32 * 1024
BODY_TIMEOUT_S = 10.0
_GARBAGE_THRESHOLDS = (30_000, 5, 5)
_RETRY_AFTER_S = 5

_Headers = list[tuple[bytes, bytes]]
_CORS: _Headers = [(b"access-control-allow-origin", b"*")]
_PREFLIGHT: _Headers = [
    *_CORS,
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
]
_CLOSE = (b"connection", b"close")
_RETRY = (b"retry-after", str(_RETRY_AFTER_S).encode())
_ANSWERS: dict[DropReason, tuple[int, _Headers]] = {
    DropReason.TOO_LARGE: (413, [_CLOSE]),
    DropReason.SLOW: (408, [_CLOSE]),
    DropReason.MALFORMED: (400, []),
    DropReason.FORGED: (400, []),
    DropReason.EXPIRED: (400, []),
    DropReason.REFUSED: (500, []),
    DropReason.UNAVAILABLE: (503, [_RETRY]),
    DropReason.OVERLOADED: (503, [_RETRY]),
}
_NO_BODY: MutableMapping[str, Any] = {"type": "http.response.body", "body": b""}
_DROPPED_OUTCOMES = {Outcome.REFUSED: DropReason.REFUSED, Outcome.UNAVAILABLE: DropReason.UNAVAILABLE}


def visit_token_key(secret_key: str) -> bytes:
    """Return the key that signs visit tokens: whoever mints them for the collector uses this one."""
    return derive_key(secret_key, "visit-token")


class Collector:
    """The ASGI application of ``/reading``. Whoever composes it calls ``start`` and ``stop``."""

    def __init__(self, ledger: Ledger, key: bytes, max_pages: int | None) -> None:
        self._commits = GroupCommit(ledger)
        self._deadlines = Deadlines(BODY_TIMEOUT_S)
        self._key, self._max_pages = key, max_pages

    async def start(self) -> None:
        """Begin to take beacons; must run in the loop that serves.

        Until ``stop``, Python looks for cyclic garbage less often, in the whole process.
        """
        # Every request that waits is dozens of objects, none of them cyclic: looking through them
        # all again and again took a sixth of the time.
        self._usual_thresholds = gc.get_threshold()
        gc.set_threshold(*_GARBAGE_THRESHOLDS)
        self._commits.start()
        self._deadlines.start()

    async def stop(self) -> None:
        """Commit what waits, then refuse with 503."""
        self._deadlines.stop()
        await self._commits.stop()
        gc.set_threshold(*self._usual_thresholds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] != PATH:
            await _answer(send, 404, b"not found\n")
        elif scope["method"] == "POST":
            await self._take_beacon(receive, send)
        elif scope["method"] == "OPTIONS":
            await _answer(send, 204, headers=_PREFLIGHT)
        else:
            await _answer(send, 405, b"POST only\n", [(b"allow", b"POST, OPTIONS")])

    async def _take_beacon(self, receive: Receive, send: Send) -> None:
        try:
            body = await self._deadlines.keep(_read_body(receive))
            outcome = await self._submit(body)
        except BeaconDropped as dropped:
            await _refuse(send, dropped.reason)
        except TimeoutError:
            await _refuse(send, DropReason.SLOW)
        else:
            await _answer_outcome(send, outcome)

    def _submit(self, body: bytes) -> Awaitable[Outcome]:
        claim, dropped_pages = read_claim(body, key=self._key, now=time.time(), max_pages=self._max_pages)
        if dropped_pages:
            DROPPED[DropReason.PAGE_OUT_OF_RANGE].inc(dropped_pages)
        if claim.dropped:
            DROPPED[DropReason(claim.dropped)].inc()
        return self._commits.submit(claim, len(body))


def create_collector(configuration: Configuration) -> Collector:
    """Return the collector of an installation, writing to the database that it names."""
    key = visit_token_key(configuration.secret_key)
    return Collector(open_ledger(configuration.database_url), key, configuration.max_pages)


def open_ledger(database_url: str) -> Ledger:
    """Return the ledger at a ``sqlite:`` or ``postgresql:`` address; it connects when first used."""
    if database_url.startswith("sqlite:"):
        from bifolio.collector.sqlite_ledger import SqliteLedger

        return SqliteLedger(database_url)
    from bifolio.collector.postgres_ledger import PostgresLedger

    return PostgresLedger(database_url)


async def _read_body(receive: Receive) -> bytes:
    body, is_whole = b"", False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BeaconDropped(DropReason.CUT)
        body += message.get("body", b"")
        if len(body) > MOST_BODY_BYTES:
            raise BeaconDropped(DropReason.TOO_LARGE)
        is_whole = not message.get("more_body", False)
    return body


async def _answer_outcome(send: Send, outcome: Outcome) -> None:
    if outcome is Outcome.COMMITTED:
        await send({"type": "http.response.start", "status": 204, "headers": _CORS})
        await send(_NO_BODY)
    else:
        await _refuse(send, _DROPPED_OUTCOMES[outcome])


async def _refuse(send: Send, reason: DropReason) -> None:
    DROPPED[reason].inc()
    if reason is not DropReason.CUT:
        status, headers = _ANSWERS[reason]
        await _answer(send, status, reason.value.encode() + b"\n", [*_CORS, *headers])


async def _answer(send: Send, status: int, body: bytes = b"", headers: _Headers | None = None) -> None:
    all_headers = [*(headers or [])]
    if status != 204:
        all_headers += [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})
