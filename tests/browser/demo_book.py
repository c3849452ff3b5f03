"""A book of drawn pages and a loopback server that gives it to the player as the real one does.

Imports nothing of Bifolio: the player stands on the contracts alone.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
PLAYER = ROOT / "src/bifolio/reader/static/player"
WIDTH_PT, HEIGHT_PT = 420, 560
DIRECT = "http://books.example/demo/a-year-demobook01.html"
SIZES_PX = {"small": 240, "medium": 900, "large": 1800}
TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".json": "application/json"}

Json = dict[str, Any]

SPREAD_INK = "#1f4e5f"
_INKS = ["#7a2f1d", "#1f4e5f", "#4b5d23", "#5b3a6b", "#8a5a12", "#2f3e73"]


@dataclass
class DemoBook:
    """What the server says and does; tests change it while it runs."""

    pages: int
    direction: str = "ltr"
    ready: int | None = None
    """Pages converted so far; None when all are."""
    state: str | None = None
    known_count: bool = True
    outline: list[Json] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    spreads: tuple[int, ...] = ()
    """Pages that are two facing pages drawn as one; the right one is plain SPREAD_INK."""
    settings: Json = field(default_factory=dict)
    reached: int | None = None
    """Told to the owner of a failed book."""
    download: bool = True
    host: str = "page"
    failing: set[str] = field(default_factory=set)
    """Names of files that answer 500."""
    refused_readings: int = 0
    """How many of the next readings are answered 503."""
    error: str | None = None
    token: str = "visit-token"
    readings: list[Json] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def manifest(self, start: int = 0) -> Json:
        """The manifest with at most 100 pages from index ``start``."""
        ready = self.pages if self.ready is None else self.ready
        end = min(self.pages if self.known_count else ready, start + 100)
        state = self.state or ("complete" if ready >= self.pages else "processing")
        manifest: Json = {
            "version": 1, "hash": "demobook01", "title": "A Year of Small Gardens", "language": "en",
            "direction": self.direction, "state": state, "progress": 100 * ready // max(self.pages, 1),
            "error": self.error, "pageCount": self.pages if self.known_count else None,
            "files": "/files/", "from": start,
            "pages": [self._page(n) if n <= ready else None for n in range(start + 1, end + 1)],
            "outline": self.outline, "settings": self.settings, "spreadPages": list(self.spreads),
            "links": {"manifest": "/manifest?book=demo", "direct": DIRECT, "text": "/text"},
            "visitToken": self.token,
        }  # fmt: skip
        if self.reached is not None:
            manifest["reachedPages"] = self.reached
        if self.download:
            manifest["links"]["download"] = "/download.pdf"
        return manifest

    def start_of(self, text: str) -> int:
        """Where the stretch of pages begins that holds the page with this label, or else of this number."""
        number = next((n for n, label in self.labels.items() if label == text.strip().lower()), None)
        number = number or (min(int(text), self.pages) if text.isdigit() else 1)
        return 100 * ((number - 1) // 100)

    def _page(self, number: int) -> Json:
        is_spread = number in self.spreads
        width = WIDTH_PT * 2 if is_spread else WIDTH_PT
        page: Json = {"width": width, "height": HEIGHT_PT, "layers": f"{number}.json"}
        page |= {size: f"{number}-{size}{'-spread' if is_spread else ''}.png" for size in SIZES_PX}
        if number in self.labels:
            page["label"] = self.labels[number]
        return page


def lines_of(number: int) -> list[tuple[str, float, float, float]]:
    """Text, left, top and type size (points) of each line that page ``number`` carries."""
    lines: list[tuple[str, float, float, float]] = [
        (f"Chapter {number}", 48, 64, 30),
        (f"This is page {number} of the demo book.", 48, 112, 14),
    ]
    lines += [
        (f"Line {i} of page {number}: sow, water, wait, and turn the leaf.", 48, 150 + 20 * i, 12)
        for i in range(14)
    ]
    return lines  # fmt: skip


def draw_page(number: int, width_px: int) -> Image.Image:
    """Page ``number`` as an image: a coloured cover, or text on paper."""
    scale = width_px / WIDTH_PT
    ink = _INKS[number % len(_INKS)]
    image = Image.new("RGB", (width_px, round(HEIGHT_PT * scale)), ink if number == 1 else "#fffdf8")
    draw = ImageDraw.Draw(image)
    for text, left, top, size in lines_of(number):
        fill = "#fff4e4" if number == 1 else (ink if size > 20 else "#2d2b28")
        draw.text((left * scale, top * scale), text, fill, font=ImageFont.load_default(size * scale))
    draw.ellipse([scale * 150, scale * 450, scale * 270, scale * 530], fill="#f3c987" if number == 1 else ink)
    draw.text((scale * 380, scale * 532), str(number), "#8a8780", font=ImageFont.load_default(11 * scale))
    return image.quantize(64)


def draw_spread(number: int, width_px: int) -> Image.Image:
    """Page ``number`` as a spread: itself on the left, a plain page on the right."""
    left = draw_page(number, width_px // 2).convert("RGB")
    image = Image.new("RGB", (width_px, left.height), SPREAD_INK)
    image.paste(left, (0, 0))
    return image.quantize(64)


def layers_of(number: int, pages: int, width: float = WIDTH_PT) -> Json:
    """Text and links of page ``number``: a link outside, one to the last page, one that must not work."""
    lines = [
        [text, left, top, ImageFont.load_default(size).getlength(text), size * 1.2]
        for text, left, top, size in lines_of(number)
    ]
    links = [
        {"x": 48, "y": 110, "width": 200, "height": 20, "url": "https://gardens.example/"},
        {"x": 150, "y": 450, "width": 120, "height": 80, "page": pages},
        {"x": 48, "y": 400, "width": 60, "height": 20, "url": "javascript:alert(1)"},
    ]
    return {"width": width, "height": HEIGHT_PT, "lines": lines, "links": links}


def shell(book: DemoBook, start_page: int = 1) -> tuple[str, str]:
    """The page of the book as player/shell.html says, and its Content-Security-Policy."""
    assets: dict[str, str] = json.loads((PLAYER / "assets.json").read_text())
    critical = (PLAYER / assets["critical.css"]).read_text()
    asked_page, start_page = start_page, min(start_page, book.pages)
    manifest = book.manifest(100 * ((start_page - 1) // 100))
    bootstrap = {
        "manifest": manifest,
        "startPage": start_page,
        "askedPage": asked_page,
        "host": book.host,
        "beaconUrl": "/reading",
        "language": "en",
    }
    values = {
        "lang": "en", "title": manifest["title"], "critical": critical, "host": book.host,
        "side": _side(book, start_page), "pages": "one" if book.pages == 1 else "many",
        "player.js": f"/assets/player/{assets['player.js']}",
        "without-script.css": f"/assets/player/{assets['without-script.css']}",
        "player.css": f"/assets/player/{assets['player.css']}",
        "image": f"/files/{start_page}-medium.png", "width": "900", "height": "1200",
        "text of page startPage": "Text of the page.", "links.text": "/text",
        "bootstrap": json.dumps(bootstrap).replace("<", "\\u003c"),
    }  # fmt: skip
    html = re.sub(r"<!--.*?-->", "", (ROOT / "player/shell.html").read_text(), flags=re.DOTALL)
    if book.ready is not None and book.ready < start_page:
        html = re.sub(r"<img[^>]*>", "", html)
    for name, value in values.items():
        html = html.replace("{{" + name + "}}", value)
    digest = base64.b64encode(hashlib.sha256(critical.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{digest}'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return html, policy


def _side(book: DemoBook, page: int) -> str:
    if page == 1 or (page == book.pages and page % 2 == 0):
        return "alone"
    return "right" if (page % 2 == 1) == (book.direction == "ltr") else "left"


class _Handler(BaseHTTPRequestHandler):
    server: "BookServer"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        self.server.book.requests.append(self.path)
        if address.path == "/":
            html, policy = shell(self.server.book, int(query.get("p", ["1"])[0]))
            return self._answer(
                200, "text/html; charset=utf-8", html.encode(), {"Content-Security-Policy": policy}
            )
        if address.path == "/favicon.ico":
            return self._answer(204, "image/png", b"")
        if address.path == "/frame":
            return self._answer(200, "text/html", self._frame(query).encode())
        if address.path == "/manifest":
            book = self.server.book
            start = book.start_of(query["label"][0]) if "label" in query else int(query.get("from", ["0"])[0])
            manifest = book.manifest(start)
            return self._answer(200, TYPES[".json"], json.dumps(manifest).encode())
        return self._file(address.path)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        book = self.server.book
        if book.refused_readings > 0:
            book.refused_readings -= 1
            return self._answer(503, "text/plain", b"", {"Retry-After": "0"})
        book.readings.append(
            json.loads(body) | {"type": self.headers["Content-Type"], "origin": self.headers["Origin"]}
        )
        return self._answer(204, "text/plain", b"")

    def _file(self, path: str) -> None:
        name = path.rsplit("/", 1)[-1]
        if name in self.server.book.failing:
            return self._answer(500, "text/plain", b"")
        if path.startswith("/assets/player/"):
            data = (PLAYER / name).read_bytes()
        elif path.startswith("/files/"):
            data = self.server.file(name)
        else:
            return self._answer(404, "text/plain", b"")
        return self._answer(200, TYPES[Path(name).suffix], data, {"Cache-Control": "max-age=3600"})

    def _frame(self, query: dict[str, list[str]]) -> str:
        width, height = query.get("size", ["320x480"])[0].split("x")
        sandbox = f'sandbox="{query["sandbox"][0]}"' if "sandbox" in query else ""
        return (
            f'<!doctype html><title>Host</title><iframe src="/" width="{width}" height="{height}" {sandbox} '
            'title="Book" allow="fullscreen; clipboard-write" style="border:0"></iframe>'
        )

    def _answer(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (
            {"Content-Type": kind, "Access-Control-Allow-Origin": "*"} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # the player drops images that it no longer wants
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test output clean."""


class BookServer(ThreadingHTTPServer):
    """Serves one demo book on a free loopback port."""

    daemon_threads = True

    def __init__(self, book: DemoBook, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.book = book
        self.folder = folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def file(self, name: str) -> bytes:
        """A page file, drawn when first asked for and kept in the folder."""
        kept = self.folder / name
        if not kept.exists():
            number = int(re.match(r"\d+", name)[0])  # type: ignore[index]
            if name.endswith(".json"):
                width = WIDTH_PT * (2 if number in self.book.spreads else 1)
                return json.dumps(layers_of(number, self.book.pages, width)).encode()
            draw = draw_spread if name.endswith("-spread.png") else draw_page
            size = name.removesuffix(".png").split("-")[1]
            temporary = self.folder / f"{name}.{threading.get_ident()}"
            draw(number, SIZES_PX[size]).save(temporary, "png", compress_level=1)
            temporary.rename(kept)
        return kept.read_bytes()


@contextmanager
def serving(book: DemoBook, folder: Path) -> Iterator[BookServer]:
    """Run a server for ``book`` as long as the block lasts."""
    server = BookServer(book, folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
