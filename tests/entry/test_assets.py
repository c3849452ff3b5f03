from pathlib import Path

import pytest

from bifolio.entry.assets import PlayerFiles
from tests.entry.asgi_client import request


@pytest.fixture
def app(tmp_path: Path) -> PlayerFiles:
    folder = tmp_path / "player"
    folder.mkdir()
    (tmp_path / "secret.js").write_text("hush")
    (folder / "player-AbC_1-23.js").write_text("plain")
    (folder / "player-AbC_1-23.js.br").write_text("brotli")
    (folder / "player-AbC_1-23.js.gz").write_text("gzip")
    (folder / "player-9.css").write_text("style")
    return PlayerFiles(folder)


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("", b"plain", None),
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip", b"gzip", "gzip"),
        ("GZIP;q=0.5, br;q=0", b"gzip", "gzip"),
        ("identity", b"plain", None),
    ],
)
def test_the_best_encoding_that_the_client_takes(
    app: PlayerFiles, accepted: str, body: bytes, encoding: str | None
) -> None:
    answer = request(app, "/assets/player/player-AbC_1-23.js", headers=[("Accept-Encoding", accepted)])
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


def test_encodings_never_share_an_etag(app: PlayerFiles) -> None:
    tags = {
        request(app, "/assets/player/player-AbC_1-23.js", headers=[("Accept-Encoding", accepted)]).headers[
            "etag"
        ]
        for accepted in ("", "gzip", "br")
    }
    assert len(tags) == 3


def test_a_file_without_variants_is_sent_plain(app: PlayerFiles) -> None:
    answer = request(app, "/assets/player/player-9.css", headers=[("Accept-Encoding", "br, gzip")])
    assert (answer.body, answer.headers.get("content-encoding")) == (b"style", None)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret.js",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "missing.js",
        "player-9.css%00",
        "a/b.js",
    ],
)
def test_nothing_else_is_ever_answered(app: PlayerFiles, name: str) -> None:
    assert request(app, f"/assets/player/{name}").status == 404
