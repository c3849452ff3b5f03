"""Page files from the store: /f/ for everybody who knows the edition's token, /g/ with a signature."""

import re
import time
from collections.abc import Callable

from bifolio.entry.answers import Headers, answer_text, not_found
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.file_answers import ServedFile, answer_file
from bifolio.infra.page_links import is_page_signature
from bifolio.infra.storage import BlobMissing, Storage

MEDIA_TYPES = {
    "avif": b"image/avif",
    "jpg": b"image/jpeg",
    "json": b"application/json",
    "png": b"image/png",
    "webp": b"image/webp",
}
_NAME = rb"(?P<name>[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.(?P<kind>[a-z]{2,5}))"
_TOKEN = rb"(?P<token>[a-z0-9]{24})"
# Matched against the path as it was sent: nothing percent-encoded is ever a page file.
_OPEN = re.compile(rb"/f/" + _TOKEN + rb"/" + _NAME)
_GUARDED = re.compile(
    rb"/g/(?P<expires>[0-9]{1,12})\.(?P<signature>[A-Za-z0-9_-]{22})/" + _TOKEN + rb"/" + _NAME
)
_CORS = (b"access-control-allow-origin", b"*")


class PageFiles:
    """The ASGI application of /f/ and /g/. Missing, expired and forged look alike: 404."""

    def __init__(self, storage: Storage, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._storage, self._key, self._now = storage, key, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_text(send, 405, "GET and HEAD only.", [(b"allow", b"GET, HEAD")])
            return
        found = self._key_and_caching(scope["raw_path"])
        if found is None or not await self._answer(scope, receive, send, *found):
            await not_found(send)

    def _key_and_caching(self, raw_path: bytes) -> tuple[str, bytes] | None:
        found = _OPEN.fullmatch(raw_path)
        if found is not None:
            return _key("pages", found), b"public, max-age=31536000, immutable"
        found = _GUARDED.fullmatch(raw_path)
        if found is None:
            return None
        left_s = int(found["expires"]) - int(self._now())
        token, expires, signature = (found[part].decode() for part in ("token", "expires", "signature"))
        if left_s <= 0 or not is_page_signature(self._key, token, expires, signature):
            return None
        return _key("guarded", found), b"private, max-age=%d" % left_s

    async def _answer(self, scope: Scope, receive: Receive, send: Send, key: str, caching: bytes) -> bool:
        media_type = MEDIA_TYPES.get(key.rpartition(".")[2])
        if media_type is None:
            return False
        headers = [(b"content-type", media_type), (b"cache-control", caching), _CORS]
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


def _key(namespace: str, found: re.Match[bytes]) -> str:
    return f"{namespace}/{found['token'].decode()}/{found['name'].decode()}"
