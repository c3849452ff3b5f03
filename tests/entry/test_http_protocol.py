"""What the HTTP protocol does beyond uvicorn's own."""

import socket

import pytest

from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.http_protocol import PatientHttpProtocol
from tests.entry.threaded import exchange, read_all, served


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    content = scope["query_string"] + b"|" + body
    headers = [(b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class HastyProtocol(PatientHttpProtocol):
    head_timeout_s = 0.3


def get(target: bytes, *, close: bool = True) -> bytes:
    connection = b"Connection: close\r\n" if close else b""
    return b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n" + connection + b"\r\n"


def test_raw_utf8_in_an_address_arrives_percent_encoded() -> None:
    with served(echo) as port:
        answer = exchange(port, get("/v1?query=Müller&x=%41".encode()))
    assert answer.endswith(b"query=M%C3%BCller&x=%41|")


def test_it_arrives_when_the_line_comes_in_pieces_and_on_a_used_connection() -> None:
    with served(echo) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(get("/a?q=ü".encode(), close=False))
        first = b""
        while not first.endswith(b"q=%C3%BC|"):
            first += connection.recv(65536)
        request = get("/b?q=ü".encode())
        for position in range(len(request)):
            connection.sendall(request[position : position + 1])
        assert read_all(connection).endswith(b"q=%C3%BC|")


def test_the_bytes_of_a_body_are_left_alone() -> None:
    body = bytes(range(256)) * 100
    request = b"POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    with served(echo) as port:
        assert exchange(port, request + body).endswith(b"|" + body)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET /a"])
def test_a_head_that_does_not_come_in_time_ends_the_connection(sent: bytes) -> None:
    with served(echo, protocol=HastyProtocol) as port:
        assert exchange(port, sent) == b""


def test_a_used_connection_is_not_ended_while_its_request_is_under_way() -> None:
    with (
        served(echo, protocol=HastyProtocol) as port,
        socket.create_connection(("127.0.0.1", port), timeout=1) as connection,
    ):
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\na")
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.sendall(b"b")
        assert read_all(connection).endswith(b"|ab")


def test_a_head_without_end_is_refused_before_it_fills_the_memory() -> None:
    with served(echo) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        try:
            for _ in range(64):
                connection.sendall(b"a" * 16 * 1024)
            answer = read_all(connection)
        except ConnectionError:
            # Closed over bytes that nobody has read: the answer may get lost on the way.
            answer = b"HTTP/1.1 431"
    assert answer.startswith(b"HTTP/1.1 431")


def test_a_head_of_many_cookies_is_read() -> None:
    cookies = b"".join(b"Cookie: c%d=%s\r\n" % (number, b"x" * 4000) for number in range(8))
    request = get(b"/a?q=1").removesuffix(b"\r\n") + cookies + b"\r\n"
    with served(echo) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for start in range(0, len(request), 5000):
            connection.sendall(request[start : start + 5000])
        assert read_all(connection).endswith(b"q=1|")
