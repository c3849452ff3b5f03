"""Django names a stored file or leaves a large page, the event loop sends it at the client's pace.

A response with ``X-Bifolio-File: KEY`` is answered with that blob, under the response's other headers.
"""

from typing import IO

from bifolio.entry.answers import Headers, not_found
from bifolio.entry.asgi_types import App, Message, Receive, Scope, Send
from bifolio.entry.file_answers import answer_file, send_pieces
from bifolio.entry.page_files import stored_file
from bifolio.entry.whole_pages import SPOOLED
from bifolio.infra.storage import Storage

HEADER = b"x-bifolio-file"
_OURS = {HEADER, b"content-length", b"etag", b"accept-ranges", b"last-modified", b"x-content-type-options"}


class FileHandover:
    """The ASGI layer around the WSGI bridge."""

    def __init__(self, app: App, storage: Storage) -> None:
        self._app, self._storage = app, storage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        spooled: list[IO[bytes]] = []
        watched = _Watched(send)
        try:
            await self._app({**scope, SPOOLED: spooled}, receive, watched)
            if watched.key is not None:
                await self._send_blob(watched.key, watched.headers, scope, receive, send)
            else:
                await _send_page(watched, spooled, receive, send)
        finally:
            for file in spooled:
                file.close()

    async def _send_blob(
        self, key: str, headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if not await answer_file(scope, receive, send, lambda: stored_file(self._storage, key, headers)):
            await not_found(send)


async def _send_page(watched: "_Watched", spooled: list[IO[bytes]], receive: Receive, send: Send) -> None:
    for file in spooled:
        await send_pieces(file, watched.length, receive, send)
    if not spooled and watched.last is not None:
        await send(watched.last)


class _Watched:
    """Lets a response through, but for the body of one that names a file, and for the last message."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.key: str | None = None
        self.headers: Headers = []
        self.length = 0
        self.last: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Headers = list(message["headers"])
            keys = [value for name, value in headers if name == HEADER]
            if keys:
                self.key = keys[0].decode("latin-1")
                self.headers = [pair for pair in headers if pair[0] not in _OURS]
            self.length = next((int(value) for name, value in headers if name == b"content-length"), 0)
        if self.key is not None:
            return
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            # Held back, because a large page's bytes come after it, from its file.
            self.last = message
        else:
            await self._send(message)
