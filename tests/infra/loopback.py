"""A small HTTP server on loopback whose answers a test writes byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, bytes], None]


@dataclass
class Loopback:
    """``requests`` are the heads that came; ``connections`` counts every accepted one."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def serve(answer: Answer, *, speaks_first: bool = False) -> Iterator[Loopback]:
    """Answer every connection by ``answer`` until the block ends.

    With ``speaks_first`` the answer gets the connection untouched, before any head has been read.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Loopback(listener.getsockname()[1])
        thread = threading.Thread(target=_accept, args=(listener, server, answer, speaks_first), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> Answer:
    """Answer with a body and its true length."""

    def answer(connection: socket.socket, _: bytes) -> None:
        lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    return answer


def _accept(listener: socket.socket, server: Loopback, answer: Answer, speaks_first: bool) -> None:  # noqa: FBT001
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(
            target=_converse, args=(connection, server, answer, speaks_first), daemon=True
        ).start()


def _converse(connection: socket.socket, server: Loopback, answer: Answer, speaks_first: bool) -> None:  # noqa: FBT001
    with connection:
        head = b""
        while b"\r\n\r\n" not in head and not speaks_first:
            more = connection.recv(65536)
            if not more:
                return
            head += more
        server.requests.append(head)
        try:
            answer(connection, head)
        except OSError:
            return
