"""What a signed call and an upload cost, beside the least that the same server can do.

Calls: user.getStats through a whole `bifolio serve`, beside a WSGI application behind the same
bridge and server that answers a constant. Uploads: the wire's create (received, hashed, flushed,
stored, recorded), beside an ASGI application on the same server that reads the body, hashes it and
drops it. Peers run in a process of their own.

    python bench/bench_api.py [--runs N] [--upload-mb N]
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from a2wsgi import WSGIMiddleware

from bifolio.entry.asgi_types import Receive, Scope, Send
from tests.documents import make_image
from tests.integrator import Integrator
from tests.serving import Server, free_port, serving, wait_until

CALLS_A_RUN = 400


def constant(_: object, start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


async def hashing(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    digest, more = hashlib.sha256(), True
    while more:
        message = await receive()
        digest.update(message["body"])
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
    await send({"type": "http.response.body", "body": digest.hexdigest().encode()})


constant_peer = WSGIMiddleware(constant, workers=10)


def main() -> None:
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), CALLS_PER_SECOND="0", CALLS_PER_MINUTE="0", UPLOADS_PER_MONTH="0") as server,
    ):
        pair = server.new_key()
        client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        with _peer("constant_peer") as port:
            _report_calls(server, client, port, arguments.runs)
        with _peer("hashing") as port:
            _report_uploads(server, client, port, arguments)


def _report_calls(server: Server, client: Integrator, port: int, runs: int) -> None:
    query = "/v1?" + urllib.parse.urlencode(client.signed("user.getStats"))
    ours = statistics.median(_calls_a_second(_port(server), query) for _ in range(runs))
    bare = statistics.median(_calls_a_second(port, query) for _ in range(runs))
    print(f"user.getStats {ours:>6.0f} calls/s, constant {bare:>6.0f} calls/s, ratio {ours / bare:.2f}")


def _report_uploads(server: Server, client: Integrator, port: int, arguments: argparse.Namespace) -> None:
    content = make_image("jpeg") + bytes(arguments.upload_mb * 1_000_000)
    body, boundary = _form(client, content)
    ours = statistics.median(_upload_s(_port(server), body, boundary) for _ in range(arguments.runs))
    bare = statistics.median(_upload_s(port, body, boundary) for _ in range(arguments.runs))
    size = len(body) / 1e6
    rates = f"{size / ours:>6.0f} MB/s, read and hash {size / bare:>6.0f} MB/s"
    print(f"create {size:.0f} MB {rates}, ratio {bare / ours:.2f}")


def _calls_a_second(port: int, path: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began_at = time.perf_counter()
    for _ in range(CALLS_A_RUN):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()
    return CALLS_A_RUN / (time.perf_counter() - began_at)


def _upload_s(port: int, body: bytes, boundary: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    began_at = time.perf_counter()
    connection.request("POST", "/v1", body, headers)
    answer = connection.getresponse().read()
    took_s = time.perf_counter() - began_at
    assert len(answer) == 64 or json.loads(answer)["code"] == 20, answer
    return took_s


def _form(client: Integrator, content: bytes) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    part = f"--{boundary}\r\nContent-Disposition: form-data; name="
    body = f'{part}"file"; filename="a.pdf"\r\n\r\n'.encode() + content + b"\r\n"
    for name, value in client.signed("collection.create").items():
        body += f'{part}"{name}"\r\n\r\n{value}\r\n'.encode()
    return body + f"--{boundary}--\r\n".encode(), boundary


@contextlib.contextmanager
def _peer(name: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", f"bench.bench_api:{name}", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error", "--no-access-log", "--lifespan", "off"])
    try:
        wait_until(lambda: _answers(port), 20, lambda: "the peer does not answer")
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return _calls_a_second(port, "/") > 0
    except OSError:
        return False


def _port(server: Server) -> int:
    port = urllib.parse.urlsplit(server.url).port
    assert port is not None
    return port


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--upload-mb", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    main()
