"""Bodies of every kind and temper, received over real connections."""

import asyncio
import hashlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.bodies import BodyLimits, ReceiveBodies
from bifolio.infra.received import received_body
from tests.entry.threaded import exchange, served
from tests.waiting import wait_until

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
    data: Path, recorder: Recorder | None = None, *, room: bool = True, **limits: Any
) -> Iterator[tuple[int, Recorder]]:
    recorder = recorder or Recorder()
    limits = {"file_bytes": 10_000_000, "grace_s": 5, "idle_s": 5, **limits}
    app = ReceiveBodies(recorder, data=data, limits=BodyLimits(**limits), has_room=lambda _: room)
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


def test_an_upload_is_hashed_whole_and_its_fields_are_raw_bytes(tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        got = upload(port, FILE, (b'name="title"', "Grün+%41".encode()), (b'name="blank"', b""))
    assert got["file"] == ["book.pdf", len(PDF), hashlib.sha256(PDF).hexdigest(), None]
    assert got["on_disk"]
    assert got["first_bytes"] == 1024
    assert got["fields"] == [["title", "Grün+%41".encode().decode("latin-1")], ["blank", ""]]
    assert got["file_count"] == 1
    assert got["problem"] is None


def test_files_are_removed_after_the_request_unless_adopted(tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        upload(port, FILE)
        wait_until(lambda: leftovers(tmp_path) == [], 5)
    with layer(tmp_path, Recorder(adopt_into=tmp_path)) as (port, _):
        upload(port, FILE)
    assert (tmp_path / "adopted").read_bytes() == PDF
    assert leftovers(tmp_path) == []


def test_a_chunked_upload_is_whole(tmp_path: Path) -> None:
    body = multipart(FILE, (b'name="a"', b"1"))
    chunks = b"".join(
        b"%x\r\n" % len(part) + part + b"\r\n"
        for part in (body[start : start + 70_001] for start in range(0, len(body), 70_001))
    )
    head = HEAD + b"Content-Type: multipart/form-data; boundary=xYzZY\r\nTransfer-Encoding: chunked\r\n\r\n"
    with layer(tmp_path) as (port, _):
        got = summary_of(exchange(port, head + chunks + b"0\r\n\r\n"))
    assert got["on_disk"]
    assert got["fields"] == [["a", "1"]]


def test_several_files_are_counted_and_only_the_first_is_kept(tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        got = upload(
            port, FILE, (b'name="file"; filename="b.pdf"', b"x"), (b'name="other"; filename="c"', b"y")
        )
    assert got["file_count"] == 3
    assert got["on_disk"]
    assert got["fields"] == []


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'name="file"', ""),
        (b'name="file"; filename=""', ""),
        (b"name=file; filename=plain.pdf", "plain.pdf"),
        ('name="file"; filename="Grün.pdf"'.encode(), "Grün.pdf"),
        (b"name=\"file\"; filename*=UTF-8''Gr%C3%BCn%20x.pdf", "Grün x.pdf"),
        (b'name="file"; filename="..\\\\..\\\\evil/../x.pdf"', "x.pdf"),
        (b'name="file"; filename="a\\"b.pdf"', 'a"b.pdf'),
        (b'name="file"; filename="\xff.pdf"', "\ufffd.pdf"),
    ],
)
def test_file_names_are_plain_names(disposition: bytes, name: str, tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        got = upload(port, (disposition, b"%PDF"))
    assert got["file"][:2] == [name, 4]
    assert got["file_count"] == 1


def test_a_file_over_the_cap_is_not_kept_and_the_fields_after_it_are_read(tmp_path: Path) -> None:
    with layer(tmp_path, file_bytes=1_500_000) as (port, _):
        got = upload(port, FILE, (b'name="apiKey"', b"k"))
    assert got["file"] == ["book.pdf", len(PDF), "", "too large"]
    assert got["fields"] == [["apiKey", "k"]]
    assert got["first_bytes"] == 1024
    assert leftovers(tmp_path) == []


def test_without_room_nothing_is_kept(tmp_path: Path) -> None:
    with layer(tmp_path, room=False) as (port, _):
        got = upload(port, FILE, (b'name="apiKey"', b"k"))
    assert got["file"][3] == "no room"
    assert got["fields"] == [["apiKey", "k"]]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary at all",
        b"--xYzZY\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--xYzZY--\r\n",
        b'--xYzZY\r\nContent-Disposition: form-data; name="a"\r\n\r\nendless',
        multipart((b'name="a"', b"1"))[:-4],
        multipart(*[(b'name="a"', b"1")] * 1001),
        multipart((b'name="a"', b"x" * 2_000_000)),
        b"--xYzZY\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_a_malformed_body_is_unreadable_and_leaves_nothing(body: bytes, tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        got = summary_of(exchange(port, upload_head(len(body)) + body))
    assert got["problem"] == ("unreadable" if body else None)
    assert leftovers(tmp_path) == []


def test_a_form_is_handed_on_raw(tmp_path: Path) -> None:
    head = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\n"
    with layer(tmp_path) as (port, _):
        assert summary_of(exchange(port, head + b"a=1&b=x%20+y"))["form"] == "a=1&b=x%20+y"


def test_another_content_type_is_unreadable(tmp_path: Path) -> None:
    head = HEAD + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    with layer(tmp_path) as (port, _):
        assert summary_of(exchange(port, head + b"{}"))["problem"] == "unreadable"


def test_a_call_without_a_body_passes(tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        got = summary_of(exchange(port, b"GET /v1?a=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert got["fields"] == []
    assert got["problem"] is None


def test_a_page_gets_its_body_whole_with_its_length_even_when_chunked(tmp_path: Path) -> None:
    content = os.urandom(700_000)
    head = b"POST /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    with layer(tmp_path) as (port, _):
        got = summary_of(exchange(port, head + b"%x\r\n" % len(content) + content + b"\r\n0\r\n\r\n"))
    assert got["page_body"] == hashlib.sha256(content).hexdigest()
    assert got["lengths"] == ["700000"]
    assert "fields" not in got
    assert leftovers(tmp_path) == []


def test_a_page_refuses_a_body_that_is_too_large(tmp_path: Path) -> None:
    with layer(tmp_path, page_body_bytes=100_000) as (port, recorder):
        body = b"x" * 500_000
        head = b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
        assert exchange(port, head + body).startswith(b"HTTP/1.1 413 ")
    assert recorder.calls == []
    assert leftovers(tmp_path) == []


def test_a_client_that_vanishes_in_mid_upload_leaves_nothing_and_reaches_nobody(tmp_path: Path) -> None:
    body = multipart(FILE)
    with layer(tmp_path) as (port, recorder):
        for share in range(1, 10):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall((upload_head(len(body)) + body)[: len(body) * share // 10])
                if share > 5:
                    wait_until(lambda: leftovers(tmp_path) != [], 5)
            wait_until(lambda: leftovers(tmp_path) == [], 5)
    assert recorder.calls == []


def test_a_client_that_stops_sending_is_told_so(tmp_path: Path) -> None:
    with layer(tmp_path, idle_s=0.2) as (port, recorder):
        answer = exchange(port, upload_head(1000) + b"--xYzZY\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer
    assert recorder.calls == []


def test_a_client_that_drips_below_the_floor_is_ended(tmp_path: Path) -> None:
    ended = threading.Event()
    with (
        layer(tmp_path, grace_s=0.5, floor_bytes_per_s=10_000) as (port, recorder),
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        connection.sendall(upload_head(1_000_000) + b"--xYzZY\r\n")

        def drip() -> None:
            while not ended.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        answer = connection.recv(65536)
        ended.set()
        dripping.join()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert recorder.calls == []


def test_other_calls_are_answered_while_many_uploads_crawl(tmp_path: Path) -> None:
    with layer(tmp_path, uploads_of_address=100) as (port, _):
        crawling = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        for connection in crawling:
            connection.sendall(upload_head(1_000_000) + b"--xYzZY\r\n")
        got = summary_of(exchange(port, b"GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        for connection in crawling:
            connection.close()
    assert got["problem"] is None


def test_uploads_of_one_address_are_capped_and_free_again_when_they_end(tmp_path: Path) -> None:
    with layer(tmp_path, uploads_of_address=2) as (port, _):
        waiting = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        for connection in waiting:
            connection.sendall(upload_head(1_000_000) + multipart(FILE)[:200_000])

        def problem() -> object:
            return upload(port, (b'name="a"', b"1"))["problem"]

        wait_until(lambda: problem() == "too many uploads", 5)
        assert upload(port, FILE)["problem"] == "too many uploads"
        for connection in waiting:
            connection.close()
        wait_until(lambda: problem() is None, 5)
    assert leftovers(tmp_path) == []


def test_an_early_answer_reaches_a_client_that_is_still_sending(tmp_path: Path) -> None:
    body = multipart((b'name="a"', b"x" * 8_000_000))
    with layer(tmp_path, form_bytes=1000) as (port, _):
        answer = exchange(port, upload_head(len(body)) + body)
    assert summary_of(answer)["problem"] == "unreadable"


def test_leftovers_of_a_killed_process_are_swept_at_start(tmp_path: Path) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    (folder / "old.part").write_bytes(b"x")
    os.utime(folder / "old.part", (0, 0))
    with layer(tmp_path):
        wait_until(lambda: leftovers(tmp_path) == [], 5)


def test_the_received_body_is_its_own_requests(tmp_path: Path) -> None:
    with layer(tmp_path) as (port, _):
        answers: dict[int, Any] = {}

        def call(number: int) -> None:
            answers[number] = upload(port, (b'name="n"', b"%d" % number))["fields"]

        threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {number: [["n", str(number)]] for number in range(8)}
    assert asyncio.run(_outside()) is None


async def _outside() -> object:
    return received_body.get()
