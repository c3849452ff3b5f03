"""Django names a stored file, the event loop sends it: so no WSGI thread waits for a slow reader.

A response with ``X-Bifolio-File: KEY`` is answered with that blob, under the response's other headers.
"""

from bifolio.entry.answers import Headers, not_found
from bifolio.entry.asgi_types import App, Message, Receive, Scope, Send
from bifolio.entry.file_answers import answer_file
from bifolio.entry.page_files import stored_file
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
        watched = _Watched(send)
        await self._app(scope, receive, watched)
        if watched.key is None:
            return
        key, headers = watched.key, watched.headers
        if not await answer_file(scope, receive, send, lambda: stored_file(self._storage, key, headers)):
            await not_found(send)


class _Watched:
    """Lets a response through, unless it names a file: then its body is dropped."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.key: str | None = None
        self.headers: Headers = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Headers = list(message["headers"])
            keys = [value for name, value in headers if name == HEADER]
            if keys:
                self.key = keys[0].decode("latin-1")
                self.headers = [pair for pair in headers if pair[0] not in _OURS]
        if self.key is None:
            await self._send(message)
