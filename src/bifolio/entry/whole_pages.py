"""Lets Django finish a page before a client gets the first byte, so that no WSGI thread waits for readers.

A small page stays in memory; a large one goes into an unnamed file, which the event loop sends.
"""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

IN_MEMORY_BYTES = 256 * 1024
SPOOLED = "bifolio.spooled"
"""The key of the ASGI scope whose list receives the file of a large page."""

Environ = dict[str, Any]
StartResponse = Callable[..., object]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
_WITHOUT_BODY = ("1", "204", "304")


class WholePages:
    """The WSGI layer around Django. ``folder`` takes what is too large for memory."""

    def __init__(self, app: WsgiApp, folder: Path) -> None:
        self._app, self._folder = app, folder

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, its length always told."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        answer = self._app(environ, lambda status, headers, *_: started.append((status, headers)))
        # Closed by whoever sends it last: here, or the layer that takes it from the scope.
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, dir=str(self._folder))  # noqa: SIM115
        try:
            size_bytes = sum(spool.write(piece) for piece in answer)
        except BaseException:
            spool.close()
            raise
        finally:
            getattr(answer, "close", lambda: None)()
        status, headers = started[-1]
        method = environ["REQUEST_METHOD"]
        start_response(status, _with_length(status, headers, size_bytes, method))
        spool.seek(0)
        if size_bytes > IN_MEMORY_BYTES and method != "HEAD":
            environ["asgi.scope"][SPOOLED].append(spool)
            return []
        with spool:
            return [spool.read(IN_MEMORY_BYTES)]


def _with_length(
    status: str, headers: list[tuple[str, str]], size_bytes: int, method: str
) -> list[tuple[str, str]]:
    is_told = any(name.lower() == "content-length" for name, _ in headers)
    if is_told or method == "HEAD" or status.startswith(_WITHOUT_BODY):
        return headers
    return [*headers, ("Content-Length", str(size_bytes))]
