"""Deep zoom in a running Bifolio of two web processes, as browsers ask for it."""

import io
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.conversion.pdfs import PdfFile, PdfPage
from tests.documents import make_pdf
from tests.entry.tree import Tree, running_tree
from tests.live_database import Installation
from tests.serving import BIFOLIO
from tests.waiting import wait_until

TREE = ("--workers", "1", "--web-processes", "2")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'bifolio.sqlite3'}")


@pytest.fixture
def tree(installation: Installation) -> Iterator[Tree]:
    with running_tree(installation, *TREE) as running:
        yield running


class Book:
    """A published flipbook and where its tiles are."""

    def __init__(self, tree: Tree, content: bytes, *options: str) -> None:
        path = tree.installation.data / "upload.pdf"
        path.write_bytes(content)
        published = self._cli(tree, "publish", str(path), *options)
        self.tree, self.hash = tree, published["hash"]
        self.query = urlsplit(published["link"]).query

    @staticmethod
    def _cli(tree: Tree, *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [BIFOLIO, *arguments, "--json"],
            env=tree.installation.environment,
            capture_output=True,
            check=True,
            timeout=120,
        )
        told: dict[str, Any] = json.loads(done.stdout or b"{}")
        return told

    def delete(self) -> None:
        subprocess.run(
            [BIFOLIO, "delete", self.hash, "--yes"], env=self.tree.installation.environment, check=True
        )

    def manifest(self) -> dict[str, Any]:
        status, body = self.tree.get(f"/manifest/{self.hash}?{self.query}")
        assert status == 200
        manifest: dict[str, Any] = json.loads(body)
        return manifest

    def tiles(self, page: int = 1, level: int = 0) -> list[str]:
        """The addresses of all tiles of a level, left and top first."""
        manifest = self.manifest()
        size, kind = manifest["tiles"]["size"], manifest["pages"][page - 1]["tiles"]["type"]
        width, height = manifest["pages"][page - 1]["tiles"]["levels"][level]
        return [
            manifest["files"]
            + manifest["tiles"]["path"].format(page=page, width=width, column=column, row=row, type=kind)
            for row in range(-(-height // size))
            for column in range(-(-width // size))
        ]


def drawings(tree: Tree) -> int:
    """How many levels have been drawn so far."""
    return tree.log().count("tiles_drawn")


def get_all(tree: Tree, paths: list[str]) -> list[tuple[int, bytes]]:
    with ThreadPoolExecutor(len(paths)) as readers:
        return list(readers.map(tree.get, paths))


def test_many_readers_of_a_page_cost_one_drawing_which_outlives_a_restart(
    tree: Tree, installation: Installation
) -> None:
    book = Book(tree, make_pdf(pages=2))
    paths = book.tiles()
    assert len(paths) == 20
    answers = get_all(tree, paths)
    assert {status for status, _ in answers} == {200}
    assert Image.open(io.BytesIO(answers[0][1])).size == (1024, 1024)
    wait_until(lambda: drawings(tree) == 1)
    assert get_all(tree, paths) == answers
    assert drawings(tree) == 1
    tree.supervisor.terminate()
    tree.supervisor.wait(40)
    with running_tree(installation, *TREE) as again:
        assert get_all(again, paths) == answers
        assert drawings(again) == 1


def test_tiles_die_with_their_book(tree: Tree) -> None:
    book = Book(tree, make_pdf(pages=1))
    path = book.tiles()[0]
    assert tree.get(path)[0] == 200
    wait_until(lambda: drawings(tree) == 1)
    book.delete()
    assert tree.get(path)[0] == 404
    wait_until(lambda: not list((tree.installation.data / "cache" / "tiles").glob("*")))


def test_a_drafts_tiles_open_by_its_signed_links_only(tree: Tree) -> None:
    book = Book(tree, make_pdf(pages=1), "--status", "editable")
    assert tree.get(f"/manifest/{book.hash}")[0] == 404
    path = book.tiles()[0]
    assert path.startswith("/g/")
    assert tree.get(path)[0] == 200
    _, _, signed, token, rest = path.split("/", 4)
    for other in (
        f"/f/{token}/{rest}",
        f"/g/{signed[:-1]}A/{token}/{rest}",
        f"/g/1.{signed[-22:]}/{token}/{rest}",
    ):
        assert tree.get(other)[0] == 404


def slow_page() -> bytes:
    """A page that takes seconds to draw at the large levels: blended all over, several times."""
    painting = b"/G gs\n" + b"".join(
        b"0.%d g 0 0 m 595 842 l 0 842 l 595 0 l %d 0 l f*\n" % (n, n) for n in range(8)
    )
    file = PdfFile([PdfPage(painting)], objects=["<< /ca 0.3 /BM /Luminosity >>"]).build()
    return file.replace(b"/Resources <<", b"/Resources << /ExtGState << /G 1000 0 R >>")


def test_a_slow_page_keeps_nobody_else_waiting_and_ends_with_the_server(tree: Tree) -> None:
    slow, quick = Book(tree, slow_page()), Book(tree, make_pdf(pages=2))
    manifest = quick.manifest()
    page_file = manifest["files"] + manifest["pages"][0]["large"]
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(tree.get, slow.tiles(level=1)[0])
        served = 0
        while not waiting.done() or served == 0:
            assert tree.get(page_file)[0] == 200
            assert tree.get(f"/manifest/{quick.hash}")[0] == 200
            assert tree.get("/health")[0] == 200
            served += 1
        assert served > 2
        assert tree.get(quick.tiles()[0])[0] == 200
        assert waiting.result()[0] in {200, 503}
    tree.supervisor.terminate()
    tree.supervisor.wait(40)
    kept = {path.suffix for path in (tree.installation.data / "cache" / "tiles").iterdir()}
    assert kept <= {".tiles"}
