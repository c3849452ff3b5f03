"""An ASGI application on a loopback port, served as Bifolio's web process serves it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bifolio.entry.asgi_types import App
from bifolio.entry.http_protocol import PatientHttpProtocol


@contextmanager
def served(app: App, *, protocol: type[PatientHttpProtocol] = PatientHttpProtocol) -> Iterator[int]:
    """Serve the application; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app, http=protocol, ws="none", loop="asyncio", log_config=None, timeout_graceful_shutdown=1
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        assert not thread.is_alive()


def exchange(port: int, request: bytes, *, timeout_s: float = 10, source: str = "127.0.0.1") -> bytes:
    """Send raw bytes from an address and return everything that comes back until the server closes."""
    peer, ours = ("127.0.0.1", port), (source, 0)
    with socket.create_connection(peer, timeout=timeout_s, source_address=ours) as connection:
        connection.sendall(request)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Return everything until the other side closes."""
    answer = b""
    while more := connection.recv(65536):
        answer += more
    return answer


def early_answer(connection: socket.socket) -> bytes:
    """Return an answer of JSON that comes before the server has closed."""
    answer = b""
    while not answer.endswith(b"}"):
        more = connection.recv(65536)
        assert more, answer
        answer += more
    return answer
