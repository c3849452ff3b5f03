"""The addresses of tiles: who may have which, and how the answers look."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from bifolio.conversion.levels import levels_of
from bifolio.conversion.reasons import FileKind
from bifolio.entry.edition_paths import EditionPaths
from bifolio.entry.page_files import PageFiles
from bifolio.entry.tile_drawing import TileDrawings, TilesBusy, Waiting
from bifolio.entry.tile_files import TileFiles
from bifolio.infra.page_links import page_key, signed_page_base
from bifolio.infra.storage.local import LocalStorage
from bifolio.infra.tile_cache import Level, TileCache, tile_cache
from bifolio.publishing.tiles import TiledPage
from tests.documents import make_pdf
from tests.entry.asgi_client import Answer, request

OPEN, GUARDED = "a1b2c3d4e5f6a1b2c3d4e5f6", "b1b2c3d4e5f6a1b2c3d4e5f6"
NOW = 1_800_000_000
LEVELS = levels_of(FileKind.PDF, 420, 595)
TILE = "tiles/1/3600/2-1.png"
ORIGINAL = f"originals/{OPEN}/document.pdf"


def find(token: str, number: int, is_guarded: bool) -> TiledPage | None:  # noqa: FBT001 (see FindPage)
    if number > 2 or (token, is_guarded) not in {(OPEN, False), (GUARDED, True)}:
        return None
    if number == 2:
        raise TilesBusy
    return TiledPage(1, FileKind.PDF, number, LEVELS, "png", ORIGINAL, "")


@pytest.fixture
def cache(tmp_path: Path) -> TileCache:
    return tile_cache(tmp_path, 8 << 20)


@pytest.fixture
def app(tmp_path: Path, cache: TileCache) -> TileFiles:
    store = LocalStorage(tmp_path / "files")
    store.put_many_immutable([(ORIGINAL, make_pdf()), (f"pages/{OPEN}/1-large-0.png", b"page file")])
    return made(store, cache)


def made(store: LocalStorage, cache: TileCache) -> TileFiles:
    key = page_key(settings.BIFOLIO.secret_key)
    return TileFiles(
        PageFiles(store, key, lambda: NOW),
        EditionPaths(key, lambda: NOW),
        cache,
        TileDrawings(cache, store.open_range, waiting=Waiting(queue_s=10)),
        find,
    )


def drawn(app: TileFiles, path: str = f"/f/{OPEN}/{TILE}") -> Answer:
    answer = request(app, path)
    assert answer.status == 200
    return answer


def test_a_tile_is_drawn_for_who_asks_first_and_may_be_kept_for_ever(app: TileFiles) -> None:
    first = drawn(app)
    assert Image.open(io.BytesIO(first.body)).size == (1024, 1024)
    assert first.headers["content-type"] == "image/png"
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert (drawn(app).body, drawn(app).headers) == (first.body, first.headers)


def test_tiles_at_the_edges_are_smaller(app: TileFiles) -> None:
    corner = drawn(app, f"/f/{OPEN}/tiles/1/3600/3-4.png")
    assert Image.open(io.BytesIO(corner.body)).size == (3600 - 3 * 1024, LEVELS[0].height - 4 * 1024)


def test_a_drawn_tile_outlives_the_process_and_its_original(app: TileFiles, cache: TileCache) -> None:
    body = drawn(app).body
    empty = made(LocalStorage(cache._folder.parent / "other"), cache)
    assert drawn(empty).body == body


def test_conditions_ranges_and_heads_are_answered_as_for_page_files(app: TileFiles) -> None:
    got = drawn(app)
    path = f"/f/{OPEN}/{TILE}"
    head = request(app, path, method="HEAD")
    assert (head.status, head.headers, head.body) == (200, got.headers, b"")
    known = request(app, path, headers=[("If-None-Match", got.headers["etag"])])
    assert (known.status, known.body) == (304, b"")
    part = request(app, path, headers=[("Range", "bytes=1-3")])
    assert (part.status, part.body) == (206, got.body[1:4])
    assert request(app, path, method="POST").status == 405


def test_a_guarded_tile_opens_until_its_link_expires(app: TileFiles) -> None:
    base = signed_page_base(GUARDED, expires_at=NOW + 60)
    assert drawn(app, base + TILE).headers["cache-control"] == "private, max-age=60"
    for forged in (
        signed_page_base(GUARDED, expires_at=NOW),
        base.replace(str(NOW + 60), str(NOW + 600)),
        base.replace(GUARDED, OPEN),
        signed_page_base(OPEN, expires_at=NOW + 60),
        f"/f/{GUARDED}/",
        f"/g/{GUARDED}/",
    ):
        assert request(app, forged + TILE).status == 404, forged


@pytest.mark.parametrize(
    "name",
    [
        "tiles/0/3600/0-0.png",
        "tiles/3/3600/0-0.png",
        "tiles/01/3600/0-0.png",
        "tiles/-1/3600/0-0.png",
        "tiles/99999999999999999999/3600/0-0.png",
        "tiles/1/1800/0-0.png",
        "tiles/1/3601/0-0.png",
        "tiles/1/0/0-0.png",
        "tiles/1/999999999/0-0.png",
        "tiles/1/3600/4-0.png",
        "tiles/1/3600/0-5.png",
        "tiles/1/3600/00-0.png",
        "tiles/1/3600/+1-0.png",
        "tiles/1/3600/-1-0.png",
        "tiles/1/3600/1e3-0.png",
        "tiles/1/3600/\u0661-0.png",
        "tiles/1/3600/0-0.jpg",
        "tiles/1/3600/0-0.webp",
        "tiles/1/3600/0-0",
        "tiles/1/3600/0-0.png/",
        "tiles/1/3600/0-0.png%00",
        "tiles/1/3600/..%2f0-0.png",
        "tiles/../1-large-0.png",
        "tiles/",
        "tiles",
        "tiles//1/3600/0-0.png",
        "%74iles/1/3600/0-0.png",
    ],
)
def test_nothing_else_is_ever_drawn(app: TileFiles, name: str, tmp_path: Path) -> None:
    for base in (f"/f/{OPEN}/", signed_page_base(GUARDED, expires_at=NOW + 60)):
        answer = request(app, base + name)
        assert (answer.status, answer.body) == (404, b"Not found.\n"), base + name
        assert answer.headers["cache-control"] == "no-store"
    assert not (tmp_path / "cache").exists()


def test_page_files_are_answered_beside_them(app: TileFiles) -> None:
    assert request(app, f"/f/{OPEN}/1-large-0.png").body == b"page file"


def test_who_comes_at_a_bad_time_is_asked_to_come_again(app: TileFiles) -> None:
    answer = request(app, f"/f/{OPEN}/tiles/2/3600/0-0.png")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_page_that_was_refused_lately_has_no_tiles(app: TileFiles, cache: TileCache) -> None:
    cache.refuse(Level(OPEN, 1, 3600))
    assert request(app, f"/f/{OPEN}/{TILE}").status == 404
    assert request(app, f"/f/{OPEN}/tiles/1/7200/0-0.png").status == 200


def test_switched_off_there_are_none(app: TileFiles, cache: TileCache) -> None:
    cache.limit_bytes = 0
    assert request(app, f"/f/{OPEN}/{TILE}").status == 404
