"""Page files from the store: /f/ for everybody who knows the edition's token, /g/ with a signature."""

import re
import time
from collections.abc import Callable

from bifolio.entry.answers import Headers, answer_text, not_found
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.edition_paths import EditionPath, EditionPaths
from bifolio.entry.file_answers import ServedFile, answer_file
from bifolio.infra.storage import BlobMissing, Storage

MEDIA_TYPES = {
    "avif": b"image/avif",
    "jpg": b"image/jpeg",
    "json": b"application/json",
    "png": b"image/png",
    "webp": b"image/webp",
}
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.(?P<kind>[a-z]{2,5})")
CORS = (b"access-control-allow-origin", b"*")


class PageFiles:
    """The ASGI application of /f/ and /g/. Missing, expired and forged look alike: 404."""

    def __init__(self, storage: Storage, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._storage, self._paths = storage, EditionPaths(key, now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_text(send, 405, "GET and HEAD only.", [(b"allow", b"GET, HEAD")])
            return
        path = self._paths.read(scope["raw_path"])
        if path is None or not await self._answer(scope, receive, send, path):
            await not_found(send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, path: EditionPath) -> bool:
        name = _NAME.fullmatch(path.rest)
        media_type = MEDIA_TYPES.get(name["kind"].decode()) if name else None
        if media_type is None:
            return False
        key = f"{'guarded' if path.is_guarded else 'pages'}/{path.token}/{path.rest.decode()}"
        headers = [(b"content-type", media_type), (b"cache-control", path.caching), CORS]
        return await answer_file(scope, receive, send, lambda: stored_file(self._storage, key, headers))


def stored_file(storage: Storage, key: str, headers: Headers) -> ServedFile | None:
    """Return a blob to serve, or None when there is none. Blocks on the store.

    Its name in the folder is its validator: blobs never change.
    """
    try:
        size_bytes = storage.stat(key).size_bytes
    except BlobMissing:
        return None
    etag = f'"{key.rpartition("/")[2]}-{size_bytes:x}"'.encode()
    return ServedFile(size_bytes, etag, headers, lambda start, length: storage.open_range(key, start, length))
