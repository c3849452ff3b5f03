import ipaddress
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from prometheus_client import REGISTRY

from bifolio.entry.answers import answer_text
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.front import FrontDoor
from tests.entry.asgi_client import Answer, request


class Inside:
    """An application that remembers what it saw, and fails on request."""

    def __init__(self) -> None:
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.scope = scope
        if scope["path"] == "/fault":
            raise ZeroDivisionError
        await answer_text(send, 200, "inside")


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def front(inside: Inside) -> FrontDoor:
    checked = replace(
        settings.BIFOLIO,
        base_url="https://books.example.org",
        hosts=(),
        trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),),
    )
    return FrontDoor(inside, checked)


def ask(front: FrontDoor, *headers: tuple[str, str], path: str = "/", **options: Any) -> Answer:
    return request(front, path, headers=[("Host", "books.example.org"), *headers], **options)


def seen(inside: Inside, name: bytes) -> list[bytes]:
    return [value for key, value in inside.scope["headers"] if key == name]


@pytest.mark.parametrize("host", ["books.example.org", "BOOKS.example.org:1", "localhost:8000", "[::1]"])
def test_known_hosts_answer(front: FrontDoor, host: str) -> None:
    assert request(front, "/", headers=[("Host", host)]).status == 200


@pytest.mark.parametrize("hosts", [["evil.example"], [], ["books.example.org", "evil.example"], ["", ""]])
def test_other_hosts_are_421(front: FrontDoor, inside: Inside, hosts: list[str]) -> None:
    answer = request(front, "/", headers=[("Host", host) for host in hosts])
    assert answer.status == 421
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert not inside.scope


def test_a_forwarded_host_means_nothing(front: FrontDoor) -> None:
    forged = [("Host", "evil.example"), ("X-Forwarded-Host", "books.example.org")]
    assert request(front, "/", headers=forged).status == 421


def test_a_request_gets_an_id_inside_and_outside(front: FrontDoor, inside: Inside) -> None:
    answer = ask(front)
    assert seen(inside, b"x-request-id") == [answer.headers["x-request-id"].encode()]
    assert ask(front).headers["x-request-id"] != answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("given", "is_kept"), [("trace-0123.A_b", True), ("short", False), ("a b c d e f", False)]
)
def test_a_client_s_own_id_is_kept_when_it_is_plain(front: FrontDoor, given: str, is_kept: bool) -> None:  # noqa: FBT001
    assert (ask(front, ("X-Request-Id", given)).headers["x-request-id"] == given) is is_kept


def test_a_trusted_proxy_tells_client_and_scheme(front: FrontDoor, inside: Inside) -> None:
    told = [("X-Forwarded-For", "6.6.6.6, 198.51.100.1"), ("X-Forwarded-Proto", "https")]
    ask(front, *told, client=("10.0.0.1", 1))
    assert (inside.scope["client"][0], inside.scope["scheme"]) == ("198.51.100.1", "https")
    ask(front, *told, client=("203.0.113.9", 1))
    assert (inside.scope["client"][0], inside.scope["scheme"]) == ("203.0.113.9", "http")
    ask(front, ("X-Forwarded-Proto", "gopher"), client=("10.0.0.1", 1))
    assert (inside.scope["client"][0], inside.scope["scheme"]) == ("10.0.0.1", "http")


def test_a_fault_is_500_without_a_word_of_it(front: FrontDoor) -> None:
    answer = ask(front, path="/fault")
    assert answer.status == 500
    assert b"ZeroDivision" not in answer.body
    assert "x-request-id" in answer.headers


def test_requests_are_counted_by_area(front: FrontDoor) -> None:
    def counted() -> float:
        labels = {"area": "page files", "status": "200"}
        return REGISTRY.get_sample_value("bifolio_requests_total", labels) or 0

    before = counted()
    ask(front, path="/f/token/name.png")
    assert counted() == before + 1
