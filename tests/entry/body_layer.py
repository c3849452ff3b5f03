"""The layer that receives bodies, served with a recorder behind it, and uploads to send to it."""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.bodies import BodyLimits, ReceiveBodies
from bifolio.infra.received import received_body
from tests.entry.threaded import exchange, served

PDF = b"%PDF-1.7\n" + os.urandom(3_000_000)
HEAD = b"POST /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@dataclass
class Recorder:
    """The application behind the layer: it notes what was received and answers with a summary."""

    adopt_into: Path | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        self.calls.append(self._summary(scope, body))
        content = json.dumps(self.calls[-1]).encode()
        headers = [(b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _summary(self, scope: Scope, body: bytes) -> dict[str, Any]:
        lengths = [value.decode() for name, value in scope["headers"] if name == b"content-length"]
        summary: dict[str, Any] = {"page_body": hashlib.sha256(body).hexdigest(), "lengths": lengths}
        received = received_body.get()
        if received is None:
            return summary
        file = received.file
        if file is not None:
            summary["file"] = [file.file_name, file.size_bytes, file.sha256, file.problem]
            summary["on_disk"] = file.path.exists() and file.path.read_bytes() == PDF
            summary["first_bytes"] = len(file.first_bytes)
            if self.adopt_into is not None:
                file.path.rename(self.adopt_into / "adopted")
        return summary | {
            "fields": [[name.decode(), value.decode("latin-1")] for name, value in received.fields],
            "form": received.form.decode(),
            "file_count": received.file_count,
            "problem": received.problem,
            "detail": received.detail,
        }


@contextmanager
def layer(
    data: Path,
    recorder: Recorder | None = None,
    *,
    room: bool = True,
    maintenance: bool = False,
    **limits: Any,
) -> Iterator[tuple[int, Recorder]]:
    recorder = recorder or Recorder()
    limits = {"file_bytes": 10_000_000, "grace_s": 5, "idle_s": 5, **limits}
    app = ReceiveBodies(
        recorder,
        data=data,
        limits=BodyLimits(**limits),
        has_room=lambda _: room,
        is_in_maintenance=lambda: maintenance,
    )
    with served(app) as port:
        yield port, recorder


def multipart(*parts: tuple[bytes, bytes], boundary: bytes = b"xYzZY") -> bytes:
    body = b"".join(
        b"--"
        + boundary
        + b"\r\nContent-Disposition: form-data; "
        + disposition
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for disposition, content in parts
    )
    return body + b"--" + boundary + b"--\r\n"


def upload_head(length: int) -> bytes:
    return HEAD + b"Content-Type: multipart/form-data; boundary=xYzZY\r\nContent-Length: %d\r\n\r\n" % length


def upload(port: int, *parts: tuple[bytes, bytes]) -> dict[str, Any]:
    body = multipart(*parts)
    return summary_of(exchange(port, upload_head(len(body)) + body))


def summary_of(answer: bytes) -> dict[str, Any]:
    head, _, content = answer.partition(b"\r\n\r\n")
    assert b" 200 " in head, answer
    summary: dict[str, Any] = json.loads(content)
    return summary


def leftovers(data: Path) -> list[Path]:
    folder = data / "incoming"
    return list(folder.iterdir()) if folder.exists() else []


FILE = (b'name="file"; filename="book.pdf"', PDF)


def crawl(port: int, source: str) -> socket.socket:
    """Begin an upload that sends no more than its first bytes."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
    connection.sendall(upload_head(1_000_000) + multipart(FILE)[:200])
    return connection


def small_upload() -> bytes:
    body = multipart((b'name="a"', b"1"))
    return upload_head(len(body)) + body
