"""The outgoing client against real servers on loopback, honest and hostile."""

import gzip
import hashlib
import ipaddress
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bifolio.infra.guarded_connection import FetchFailed, FetchProblem
from bifolio.infra.guarded_http import FetchedFile, GuardedClient
from tests.infra.loopback import serve, whole

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
PDF = b"%PDF-1.7\n" + b"x" * 100_000

SPELLINGS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fd00:ec2::254]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://user:password@127.0.0.1/",
    "http://example.org@127.0.0.1/",
    "http://127.0.0.1:80/",
    "https://127.0.0.1/",
]
NO_ADDRESSES = [
    "",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://example.org/a.pdf",
    "//example.org/a.pdf",
    "http://",
    "http://\r\nHost: inside/",
    "http://exa\x00mple.org/",
    "http://example.org\\@127.0.0.1/",
    "http://[bad/",
    "http://example.org:99999/",
]


def fetch(
    url: str,
    data: Path,
    *,
    client: GuardedClient | None = None,
    max_bytes: int | None = 1_000_000,
    deadline_s: float = 5,
    idle_s: float = 5,
) -> FetchedFile:
    client = client or GuardedClient(LOOPBACK)
    return client.fetch(url, data=data, max_bytes=max_bytes, deadline_s=deadline_s, idle_s=idle_s)


def leftovers(data: Path) -> list[Path]:
    return list((data / "incoming").glob("*")) if (data / "incoming").exists() else []


def test_it_fetches_a_file_hashed_and_named(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        found = fetch(f"http://127.0.0.1:{server.port}/papers/Gr%C3%BCn%20book.pdf?x=1", tmp_path)
    assert found.file_name == "Grün book.pdf"
    assert found.written.path.read_bytes() == PDF
    assert found.written.sha256 == hashlib.sha256(PDF).hexdigest()
    assert b"\r\nAccept-Encoding: identity\r\n" in server.requests[0]


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_an_inside_address_is_reached(url: str, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed) as failure:
        fetch(url, tmp_path, client=GuardedClient())
    assert failure.value.problem in {FetchProblem.REFUSED, FetchProblem.UNREACHABLE, FetchProblem.BAD_ADDRESS}
    assert leftovers(tmp_path) == []


def test_loopback_itself_is_refused_before_a_connection(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        with pytest.raises(FetchFailed) as failure:
            fetch(f"http://127.0.0.1:{server.port}/", tmp_path, client=GuardedClient())
        assert failure.value.problem == FetchProblem.REFUSED
        assert failure.value.detail == f"127.0.0.1, port {server.port}"
        assert failure.value.permanent
        assert server.connections == 0


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_web_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed) as failure:
        fetch(url, tmp_path)
    assert failure.value.problem == FetchProblem.BAD_ADDRESS


def test_credentials_are_never_sent(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        fetch(f"http://name:word@127.0.0.1:{server.port}/a.pdf", tmp_path)
    assert b"authorization" not in server.requests[0].lower()
    assert b"word" not in server.requests[0]


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.2:{inside}/"],
)
def test_a_redirect_to_the_inside_is_not_followed(target: str, tmp_path: Path) -> None:
    with serve(whole(b"secret")) as inside:
        location = target.format(inside=inside.port).encode()
        with serve(whole(b"", b"Location: " + location, status=b"302 Found")) as server:
            only_one = GuardedClient((ipaddress.ip_network("127.0.0.1/32"),))
            with pytest.raises(FetchFailed) as failure:
                fetch(f"http://127.0.0.1:{server.port}/", tmp_path, client=only_one)
        assert failure.value.permanent
        assert inside.connections == 0


def test_three_redirects_are_followed_and_the_fourth_is_not(tmp_path: Path) -> None:
    def answer(connection: socket.socket, head: bytes) -> None:
        number = int(head.split(b" ")[1].strip(b"/"))
        if number == 0:
            return whole(PDF)(connection, head)
        return whole(b"", b"Location: /%d" % (number - 1), status=b"307 Again")(connection, head)

    with serve(answer) as server:
        assert fetch(f"http://127.0.0.1:{server.port}/3", tmp_path).written.size_bytes == len(PDF)
        with pytest.raises(FetchFailed):
            fetch(f"http://127.0.0.1:{server.port}/4", tmp_path)


class Answers:
    """A resolver whose answers change with each question."""

    def __init__(self, *answers: Sequence[str] | OSError) -> None:
        self._answers = list(answers)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        answer = self._answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer


def test_a_name_is_resolved_once_and_the_judged_address_is_used(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        resolve = Answers(["127.0.0.1"], ["127.0.0.9"])
        found = fetch(f"http://books.test:{server.port}/", tmp_path, client=GuardedClient(LOOPBACK, resolve))
        assert found.written.size_bytes == len(PDF)
        assert b"Host: books.test:%d\r\n" % server.port in server.requests[0]


def test_one_inside_address_among_several_refuses_the_name(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        resolve = Answers(["127.0.0.1", "10.0.0.1"])
        with pytest.raises(FetchFailed) as failure:
            fetch(f"http://books.test:{server.port}/", tmp_path, client=GuardedClient(LOOPBACK, resolve))
        assert failure.value.problem == FetchProblem.REFUSED
        assert server.connections == 0


def test_a_second_answer_of_the_name_server_leads_nowhere(tmp_path: Path) -> None:
    with serve(whole(PDF)) as server:
        client = GuardedClient((), Answers(OSError("no answer"), ["127.0.0.1"]))
        problems = []
        for _ in range(2):
            with pytest.raises(FetchFailed) as failure:
                fetch(f"http://books.test:{server.port}/", tmp_path, client=client)
            problems.append(failure.value.problem)
        assert problems == [FetchProblem.UNREACHABLE, FetchProblem.REFUSED]
        assert server.connections == 0


def test_a_dripping_body_ends_at_the_deadline(tmp_path: Path) -> None:
    over = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n%PDF")
        while not over.wait(0.05):
            connection.sendall(b"x")

    with serve(answer) as server:
        began_at = time.monotonic()
        with pytest.raises(FetchFailed) as failure:
            fetch(f"http://127.0.0.1:{server.port}/", tmp_path, deadline_s=0.5)
        over.set()
    assert failure.value.problem == FetchProblem.TOO_SLOW
    assert not failure.value.permanent
    assert time.monotonic() - began_at < 5
    assert leftovers(tmp_path) == []


def test_a_dripping_head_ends_at_the_deadline(tmp_path: Path) -> None:
    over = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not over.wait(0.05):
            connection.sendall(b"x")

    with serve(answer) as server:
        with pytest.raises(FetchFailed) as failure:
            fetch(f"http://127.0.0.1:{server.port}/", tmp_path, deadline_s=0.5)
        over.set()
    assert failure.value.problem == FetchProblem.TOO_SLOW


def test_a_silent_server_ends_after_the_idle_time(tmp_path: Path) -> None:
    over = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        over.wait(10)

    with serve(answer) as server:
        with pytest.raises(FetchFailed) as failure:
            fetch(f"http://127.0.0.1:{server.port}/", tmp_path, deadline_s=20, idle_s=0.2)
        over.set()
    assert failure.value.problem == FetchProblem.TOO_SLOW


def test_a_body_over_the_cap_is_too_large_with_and_without_a_length(tmp_path: Path) -> None:
    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n%PDF")
        while True:
            connection.sendall(b"x" * 65536)

    for answer in (whole(PDF), endless):
        with serve(answer) as server, pytest.raises(FetchFailed) as failure:
            fetch(f"http://127.0.0.1:{server.port}/", tmp_path, max_bytes=50_000)
        assert failure.value.problem == FetchProblem.TOO_LARGE
        assert leftovers(tmp_path) == []


def test_a_body_leaves_the_last_of_the_disk_alone(tmp_path: Path) -> None:
    asked: list[int] = []

    def has_room(size_bytes: int) -> bool:
        asked.append(size_bytes)
        return sum(asked) < len(PDF) // 2

    with serve(whole(PDF)) as server, pytest.raises(OSError, match="almost full"):
        GuardedClient(LOOPBACK).fetch(
            f"http://127.0.0.1:{server.port}/", data=tmp_path, max_bytes=None, deadline_s=5, has_room=has_room
        )
    assert leftovers(tmp_path) == []


def test_a_body_shorter_than_its_length_is_not_a_file(tmp_path: Path) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n%PDF-1.7")

    with serve(answer) as server, pytest.raises(FetchFailed) as failure:
        fetch(f"http://127.0.0.1:{server.port}/", tmp_path)
    assert failure.value.problem == FetchProblem.BAD_ANSWER
    assert leftovers(tmp_path) == []


def test_an_encoded_body_is_refused_unopened(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    with serve(whole(bomb, b"Content-Encoding: gzip")) as server, pytest.raises(FetchFailed) as failure:
        fetch(f"http://127.0.0.1:{server.port}/", tmp_path)
    assert failure.value.problem == FetchProblem.BAD_ANSWER


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (b"404 Not Found", "permanent"),
        (b"410 Gone", "permanent"),
        (b"429 Wait", "passing"),
        (b"503 Busy", "passing"),
    ],
)
def test_an_error_of_the_server_says_whether_a_retry_is_worth_it(
    status: bytes, kind: str, tmp_path: Path
) -> None:
    with serve(whole(b"no", status=status)) as server, pytest.raises(FetchFailed) as failure:
        fetch(f"http://127.0.0.1:{server.port}/", tmp_path)
    assert failure.value.permanent is (kind == "permanent")


def test_a_closed_port_fails_for_now(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchFailed) as failure:
        fetch(f"http://127.0.0.1:{port}/", tmp_path)
    assert failure.value.problem == FetchProblem.UNREACHABLE
    assert not failure.value.permanent
