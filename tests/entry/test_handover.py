from pathlib import Path

import pytest

from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.handover import FileHandover
from bifolio.infra.storage.local import LocalStorage
from tests.entry.asgi_client import request


@pytest.fixture
def store(tmp_path: Path) -> LocalStorage:
    store = LocalStorage(tmp_path / "files")
    store.put_immutable("originals/token/document.pdf", b"%PDF-1.7 document")
    return store


def app_that_names(store: LocalStorage, key: str | None) -> FileHandover:
    async def django(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"application/pdf"),
            (b"content-disposition", b'attachment; filename="a.pdf"'),
            (b"content-length", b"4"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if key is not None:
            headers.append((b"x-bifolio-file", key.encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"page", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return FileHandover(django, store)


def test_a_named_file_replaces_the_body_under_the_view_s_headers(store: LocalStorage) -> None:
    answer = request(app_that_names(store, "originals/token/document.pdf"), "/download/x")
    assert (answer.status, answer.body) == (200, b"%PDF-1.7 document")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="a.pdf"'
    assert answer.headers["content-length"] == "17"
    assert "x-bifolio-file" not in answer.headers


def test_ranges_and_head_work(store: LocalStorage) -> None:
    app = app_that_names(store, "originals/token/document.pdf")
    part = request(app, "/download/x", headers=[("Range", "bytes=0-3")])
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"%PDF", "bytes 0-3/17")
    head = request(app, "/download/x", method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "17")


def test_other_answers_pass_unchanged(store: LocalStorage) -> None:
    answer = request(app_that_names(store, None), "/page")
    assert (answer.status, answer.body) == (200, b"page")


def test_a_client_cannot_name_a_file(store: LocalStorage) -> None:
    injected = [("X-Bifolio-File", "originals/token/document.pdf")]
    assert request(app_that_names(store, None), "/page", headers=injected).body == b"page"


def test_a_missing_file_is_404(store: LocalStorage) -> None:
    answer = request(app_that_names(store, "originals/token/none.pdf"), "/download/x")
    assert answer.status == 404
