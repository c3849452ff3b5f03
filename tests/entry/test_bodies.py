"""Bodies of every kind and temper, received over real connections."""

import asyncio
import hashlib
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from bifolio.infra.received import received_body
from tests.entry.body_layer import (
    FILE,
    HEAD,
    PDF,
    Recorder,
    layer,
    leftovers,
    multipart,
    summary_of,
    upload,
    upload_head,
)
from tests.entry.threaded import early_answer, exchange
from tests.waiting import wait_until


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


def test_in_maintenance_an_upload_is_answered_at_its_head(tmp_path: Path) -> None:
    with (
        layer(tmp_path, maintenance=True) as (port, _),
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        connection.sendall(upload_head(1_000_000))
        answer = early_answer(connection)
        assert b"connection: close" in answer
        assert summary_of(answer)["problem"] == "in maintenance"
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
