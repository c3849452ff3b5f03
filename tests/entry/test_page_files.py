import os
from pathlib import Path

import pytest
from django.conf import settings

from bifolio.entry.file_answers import PIECE_BYTES
from bifolio.entry.page_files import PageFiles
from bifolio.infra.page_links import page_key, signed_page_base
from bifolio.infra.storage.local import LocalStorage
from tests.entry.asgi_client import request

TOKEN = "a1b2c3d4e5f6a1b2c3d4e5f6"
NAME = "1-large-0123456789.png"
NOW = 1_800_000_000
BIG = os.urandom(3 * PIECE_BYTES + 7)


@pytest.fixture
def app(tmp_path: Path) -> PageFiles:
    store = LocalStorage(tmp_path / "files")
    store.put_many_immutable(
        [
            (f"pages/{TOKEN}/{NAME}", b"open picture"),
            (f"pages/{TOKEN}/2-big-0123456789.jpg", BIG),
            (f"pages/{TOKEN}/1.html", b"<script>"),
            (f"guarded/{TOKEN}/{NAME}", b"guarded picture"),
            (f"originals/{TOKEN}/document.pdf", b"%PDF-"),
        ]
    )
    (tmp_path / "secret-key").write_text("hush")
    return PageFiles(store, page_key(settings.BIFOLIO.secret_key), lambda: NOW)


def test_an_open_page_file_may_be_kept_for_ever_by_everybody(app: PageFiles) -> None:
    answer = request(app, f"/f/{TOKEN}/{NAME}")
    assert (answer.status, answer.body) == (200, b"open picture")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == "12"


def test_a_head_has_everything_but_the_body(app: PageFiles) -> None:
    got = request(app, f"/f/{TOKEN}/{NAME}")
    head = request(app, f"/f/{TOKEN}/{NAME}", method="HEAD")
    assert (head.status, head.headers, head.body) == (200, got.headers, b"")


def test_what_the_client_has_is_not_sent_again(app: PageFiles) -> None:
    etag = request(app, f"/f/{TOKEN}/{NAME}").headers["etag"]
    answer = request(app, f"/f/{TOKEN}/{NAME}", headers=[("If-None-Match", etag)])
    assert (answer.status, answer.body) == (304, b"")
    assert "immutable" in answer.headers["cache-control"]
    assert "content-length" not in answer.headers


def test_a_large_file_comes_whole_and_in_ranges(app: PageFiles) -> None:
    path = f"/f/{TOKEN}/2-big-0123456789.jpg"
    assert request(app, path).body == BIG
    answer = request(app, path, headers=[("Range", f"bytes=5-{PIECE_BYTES * 2}")])
    assert answer.status == 206
    assert answer.body == BIG[5 : PIECE_BYTES * 2 + 1]
    assert answer.headers["content-range"] == f"bytes 5-{PIECE_BYTES * 2}/{len(BIG)}"
    answer = request(app, path, headers=[("Range", f"bytes={len(BIG)}-")])
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(BIG)}"


def test_a_guarded_file_opens_until_its_link_expires(app: PageFiles) -> None:
    answer = request(app, signed_page_base(TOKEN, expires_at=NOW + 60) + NAME)
    assert (answer.status, answer.body) == (200, b"guarded picture")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert request(app, signed_page_base(TOKEN, expires_at=NOW) + NAME).status == 404


def test_a_signature_is_good_for_its_edition_and_end_only(app: PageFiles) -> None:
    base = signed_page_base(TOKEN, expires_at=NOW + 60)
    for forged in (
        base.replace(str(NOW + 60), str(NOW + 6000)),
        base.replace(str(NOW + 60), f"0{NOW + 60}"),
        base.replace(TOKEN, TOKEN[::-1]),
        base.replace(base.split(".")[1][:22], "A" * 22),
        f"/g/{NOW + 60}./{TOKEN}/",
    ):
        assert forged != base
        assert request(app, forged + NAME).status == 404


def test_guarded_files_are_not_open_and_open_ones_not_guarded(app: PageFiles) -> None:
    assert request(app, f"/f/{TOKEN}/{NAME}").body == b"open picture"
    assert request(app, f"/guarded/{TOKEN}/{NAME}").status == 404
    base = signed_page_base(TOKEN, expires_at=NOW + 60)
    assert request(app, f"{base}2-big-0123456789.jpg").status == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../../secret-key",
        "..%2f..%2f..%2fsecret-key",
        "%2e%2e/%2e%2e/%2e%2e/secret-key",
        "%2e%2e%2f%2e%2e%2fsecret-key",
        "..%5c..%5csecret-key",
        "..\\..\\secret-key",
        "..%c0%af..%c0%afsecret-key",
        "..%252f..%252fsecret-key",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        f"{NAME}%00",
        f"{NAME}%00.png",
        f"%00{NAME}",
        f"{NAME}/",
        f"./{NAME}",
        f"{NAME};x",
        f"{NAME}%20",
        NAME.replace("1", "%31", 1),
        f"../../originals/{TOKEN}/document.pdf",
        f"..%2f..%2foriginals%2f{TOKEN}%2fdocument.pdf",
        "1.html",
        "missing.png",
        ".png",
        "a" * 300 + ".png",
    ],
)
def test_nothing_else_is_ever_answered(app: PageFiles, name: str) -> None:
    for base in (f"/f/{TOKEN}/", "/f/", signed_page_base(TOKEN, expires_at=NOW + 60), "/g/"):
        answer = request(app, base + name)
        assert (answer.status, answer.body) == (404, b"Not found.\n"), base + name


def test_other_methods_are_refused(app: PageFiles) -> None:
    answer = request(app, f"/f/{TOKEN}/{NAME}", method="DELETE")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
