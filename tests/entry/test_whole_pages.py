import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from a2wsgi import WSGIMiddleware

from bifolio.entry.asgi_types import App, Message
from bifolio.entry.handover import FileHandover
from bifolio.entry.whole_pages import IN_MEMORY_BYTES, Environ, StartResponse, WholePages
from bifolio.infra.storage.local import LocalStorage
from tests.entry.asgi_client import request

LARGE = [b"%09d\n" % number for number in range(2 * IN_MEMORY_BYTES // 10)]
THREADS = 2


def page(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/moved":
        start_response("304 Not Modified", [])
        return []
    start_response("200 OK", [("Content-Type", "text/plain")])
    return _fail() if path == "/fault" else iter(LARGE if path == "/large" else [b"sm", b"all"])


def _fail() -> Iterator[bytes]:
    yield b"half"
    raise ZeroDivisionError


@pytest.fixture
def app(tmp_path: Path) -> App:
    bridge = WSGIMiddleware(cast(Any, WholePages(page, tmp_path)), workers=THREADS)
    return FileHandover(cast(App, bridge), LocalStorage(tmp_path / "files"))


@pytest.mark.parametrize(("path", "body"), [("/small", b"small"), ("/large", b"".join(LARGE))])
def test_a_page_comes_whole_and_with_its_length(app: App, path: str, body: bytes) -> None:
    answer = request(app, path)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["content-length"] == str(len(body))


def test_an_answer_without_a_body_gets_no_length(app: App) -> None:
    answer = request(app, "/moved")
    assert (answer.status, answer.headers, answer.body) == (304, {}, b"")


def test_a_page_that_fails_half_way_is_not_begun(app: App) -> None:
    with pytest.raises(ZeroDivisionError):
        request(app, "/fault")


def test_a_head_of_a_large_page_has_no_body(app: App) -> None:
    # The server drops what is sent for a HEAD; here it must only end.
    assert request(app, "/large", method="HEAD").status == 200


class Reader:
    """A client that takes an answer, or stops to read when the body begins."""

    def __init__(self, path: str, *, reads: bool) -> None:
        self.scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "query_string": b""}
        self.scope |= {"http_version": "1.1", "headers": []}
        self._reads = reads
        self.body = b""
        self.is_stuck = asyncio.Event()

    async def ask(self, app: App) -> None:
        await app(self.scope, self.receive, self.send)

    async def receive(self) -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not self._reads:
                self.is_stuck.set()
                await asyncio.Event().wait()


def test_readers_who_do_not_read_hold_no_thread(app: App) -> None:
    async def ask() -> bytes:
        idle = [Reader(path, reads=False) for path in ["/small", "/large"] * (2 * THREADS)]
        tasks = [asyncio.create_task(reader.ask(app)) for reader in idle]
        diligent = Reader("/small", reads=True)
        async with asyncio.timeout(30):
            await asyncio.gather(*(reader.is_stuck.wait() for reader in idle))
            await diligent.ask(app)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return diligent.body

    assert asyncio.run(ask()) == b"small"
