"""The built player's files at /assets/player/: immutable, compressed ahead where the client can."""

import os
import re
from pathlib import Path
from typing import BinaryIO

from bifolio.entry.answers import Headers, answer_text, not_found
from bifolio.entry.asgi_types import Receive, Scope, Send, header
from bifolio.entry.file_answers import ServedFile, answer_file
from bifolio.reader.player_assets import FOLDER

PREFIX = "/assets/player/"
MEDIA_TYPES = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "json": b"application/json",
    "svg": b"image/svg+xml",
    "woff2": b"font/woff2",
    "map": b"application/json",
}
_PATH = re.compile(rb"/assets/player/(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.(?P<kind>[a-z0-9]{2,5}))")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class PlayerFiles:
    """The ASGI application of /assets/player/."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_text(send, 405, "GET and HEAD only.", [(b"allow", b"GET, HEAD")])
            return
        found = _PATH.fullmatch(scope["raw_path"])
        media_type = MEDIA_TYPES.get(found["kind"].decode()) if found else None
        if found is None or media_type is None:
            await not_found(send)
            return
        name, accepted = found["name"].decode(), _accepted(header(scope, b"accept-encoding"))
        if not await answer_file(scope, receive, send, lambda: self._find(name, accepted, media_type)):
            await not_found(send)

    def _find(self, name: str, accepted: set[str], media_type: bytes) -> ServedFile | None:
        headers: Headers = [
            (b"content-type", media_type),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"accept-encoding"),
            # A player without an origin of its own (a sandboxed iframe) loads these from elsewhere.
            (b"access-control-allow-origin", b"*"),
        ]
        for encoding, suffix in _ENCODINGS:
            if encoding in accepted:
                found = _served(self._folder / (name + suffix), headers, encoding)
                if found is not None:
                    return found
        return _served(self._folder / name, headers, "")


def _served(path: Path, headers: Headers, encoding: str) -> ServedFile | None:
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    if encoding:
        headers = [*headers, (b"content-encoding", encoding.encode())]
    etag = f'"{known.st_mtime_ns:x}-{known.st_size:x}"'.encode()

    def open_at(start: int, _length: int) -> BinaryIO:
        file = path.open("rb")
        file.seek(start, os.SEEK_SET)
        return file

    return ServedFile(known.st_size, etag, headers, open_at)


def _accepted(accept_encoding: bytes) -> set[str]:
    accepted = set()
    for choice in accept_encoding.decode("latin-1").lower().split(","):
        name, _, quality = choice.partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return accepted
