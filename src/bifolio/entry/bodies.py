"""Receives every request body on the event loop, so that no WSGI thread ever waits for a client.

Stands directly in front of the WSGI bridge. A call of the API is handed on as a ReceivedBody in
``infra.received``; any other page reads its body as usual, at once and whole.
"""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from bifolio.entry.asgi_types import App, Message, Receive, Scope, Send, header
from bifolio.entry.body_sinks import FormSink, RefusingSink, Sink, SpoolSink, StopReceiving, on_disk
from bifolio.entry.multipart_body import MultipartSink, UploadLimits
from bifolio.entry.pace import BodyTooSlow, ClientGone, Pace
from bifolio.entry.upload_places import UploadPlaces
from bifolio.infra.incoming import sweep_incoming
from bifolio.infra.received import BodyProblem, ReceivedBody, received_body

_REPLAY_BYTES = 256 * 1024
_LINGER_S = 2.0


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What clients may send. Sizes in bytes; ``file_bytes`` None is no limit.

    Uploads are counted by address and in all while they are received: see ``upload_places``.
    """

    file_bytes: int | None
    form_bytes: int = 1024 * 1024
    page_body_bytes: int = 1024 * 1024
    uploads_of_address: int = 16
    uploads_in_all: int = 64
    idle_s: float = 15.0
    grace_s: float = 30.0
    floor_bytes_per_s: float = 1000.0


class ReceiveBodies:
    """The ASGI layer.

    ``has_room`` tells whether so many more bytes fit on the disk, ``is_in_maintenance`` whether
    calls are refused unread. Both may block on the disk.
    """

    API_PATHS = frozenset({"/v1", "/v1/"})

    def __init__(
        self,
        app: App,
        *,
        data: Path,
        limits: BodyLimits,
        has_room: Callable[[int], bool],
        is_in_maintenance: Callable[[], bool],
    ) -> None:
        self._app, self._data, self._limits = app, data, limits
        self._has_room, self._is_in_maintenance = has_room, is_in_maintenance
        self._places = UploadPlaces(of_address=limits.uploads_of_address, in_all=limits.uploads_in_all)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await on_disk(lambda: sweep_incoming(self._data))
        is_call = scope["type"] == "http" and scope["path"] in self.API_PATHS
        if is_call:
            await self._serve_call(scope, receive, send)
        elif scope["type"] == "http" and _has_body(scope):
            await self._serve_page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _has_body(scope):
            await self._answer_call(scope, ReceivedBody(), receive, send)
            return
        if await on_disk(self._is_in_maintenance):
            unread = ReceivedBody(problem=BodyProblem.IN_MAINTENANCE)
            await self._answer_call(scope, unread, receive, Lingering(receive, send))
            return
        sink = self._sink_of(scope)
        try:
            body, is_whole = await self._receive(scope, sink, receive)
            await self._answer_call(scope, body, receive, send if is_whole else Lingering(receive, send))
        except ClientGone:
            return
        except BodyTooSlow:
            await _answer_plainly(Lingering(receive, send), 408, b"The request's body came too slowly.\n")
        finally:
            await sink.discard()

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        sink = SpoolSink(self._data, self._limits.page_body_bytes)
        try:
            body, _ = await self._receive(scope, sink, receive)
            if body.problem is not None:
                await _answer_plainly(Lingering(receive, send), 413, b"The request's body is too large.\n")
                return
            await self._app(_with_length(scope, sink.size_bytes), _replay(sink, receive), send)
        except ClientGone:
            return
        except BodyTooSlow:
            await _answer_plainly(Lingering(receive, send), 408, b"The request's body came too slowly.\n")
        finally:
            await sink.discard()

    async def _answer_call(self, scope: Scope, body: ReceivedBody, receive: Receive, send: Send) -> None:
        token = received_body.set(body)
        try:
            await self._app(_with_length(scope, 0), _replay(None, receive), send)
        finally:
            received_body.reset(token)

    def _sink_of(self, scope: Scope) -> Sink:
        content_type, options = parse_options_header(header(scope, b"content-type"))
        if content_type == b"multipart/form-data" and options.get(b"boundary"):
            limits = UploadLimits(
                self._data, self._limits.file_bytes, self._limits.form_bytes, self._has_room
            )
            try:
                return MultipartSink(options[b"boundary"], limits)
            except FormParserError:
                return RefusingSink("the multipart boundary is too long")
        if content_type in {b"application/x-www-form-urlencoded", b""}:
            return FormSink(self._limits.form_bytes)
        return RefusingSink("the body is neither a URL-encoded form nor multipart/form-data with a boundary")

    async def _receive(self, scope: Scope, sink: Sink, receive: Receive) -> tuple[ReceivedBody, bool]:
        """Return what came, and whether the client has nothing more to send."""
        more = True
        limits = self._limits
        pace = Pace(idle_s=limits.idle_s, grace_s=limits.grace_s, floor_bytes_per_s=limits.floor_bytes_per_s)
        address = (scope.get("client") or ("",))[0]
        is_upload = isinstance(sink, MultipartSink)
        try:
            with self._places.place(address, pace) if is_upload else nullcontext():
                while more:
                    message = await pace.next(receive)
                    more = message.get("more_body", False)
                    sink.feed(message.get("body", b""))
                    await sink.settle()
                return await sink.finish(), True
        except StopReceiving as stop:
            return ReceivedBody(problem=stop.problem, detail=stop.detail), not more


class Lingering:
    """Sends an answer to a client that may still be sending, and closes after it has been read.

    A connection closed over unread bytes is reset, and takes the answer with it.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send

    async def __call__(self, message: Message) -> None:
        """Send one ASGI message."""
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"connection", b"close")]
            message = {**message, "headers": headers}
        elif not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._drain()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(_LINGER_S):
                more = True
                while more:
                    more = (await self._receive()).get("more_body", False)
        except TimeoutError:
            return


def _has_body(scope: Scope) -> bool:
    return header(scope, b"content-length") not in {b"", b"0"} or bool(header(scope, b"transfer-encoding"))


def _with_length(scope: Scope, size_bytes: int) -> Scope:
    """Return the scope with the length that was received: a chunked body has one now, too."""
    framing = {b"content-length", b"transfer-encoding"}
    headers = [(name, value) for name, value in scope["headers"] if name not in framing]
    return {**scope, "headers": [*headers, (b"content-length", str(size_bytes).encode())]}


def _replay(sink: SpoolSink | None, receive: Receive) -> Receive:
    """Return a receive that gives the stored body at once, and then what the client does."""
    offset = 0
    is_over = False

    async def replayed() -> Message:
        nonlocal offset, is_over
        if is_over:
            return await receive()
        content = await sink.read(offset, _REPLAY_BYTES) if sink is not None else b""
        offset += len(content)
        is_over = sink is None or offset >= sink.size_bytes
        return {"type": "http.request", "body": content, "more_body": not is_over}

    return replayed


async def _answer_plainly(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
