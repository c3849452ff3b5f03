"""Tiles of pages, below the page files of their edition: from the cache, or drawn for who asks first."""

import asyncio
import io
import re
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import structlog

from bifolio.conversion.levels import TilePlace, grid_of
from bifolio.entry.answers import answer_text, not_found
from bifolio.entry.asgi_types import App, Receive, Scope, Send
from bifolio.entry.edition_paths import EditionPath, EditionPaths
from bifolio.entry.file_answers import ServedFile, answer_file
from bifolio.entry.page_files import CORS, MEDIA_TYPES
from bifolio.entry.tile_drawing import RETRY_AFTER_S, TileDrawings, TilesBusy, TileWish
from bifolio.infra.configuration import Configuration
from bifolio.infra.page_links import page_key
from bifolio.infra.storage import storage
from bifolio.infra.tile_cache import Level, TileCache
from bifolio.publishing.tiles import TiledPage, sweep_tiles, tiled_page, tiles

log = structlog.get_logger(__name__)

FindPage = Callable[[str, int, bool], TiledPage | None]
"""Finds a page by its edition's token, its number and whether it is guarded. May raise TilesBusy."""
# One spelling for each tile, so that nobody fills caches with others: numbers begin with no zero.
_TILE = re.compile(
    rb"tiles/(?P<page>[1-9][0-9]{0,6})/(?P<width>[1-9][0-9]{0,6})"
    rb"/(?P<column>0|[1-9][0-9]{0,3})-(?P<row>0|[1-9][0-9]{0,3})\.(?P<type>png|jpg)"
)


class _Found(NamedTuple):
    wish: TileWish
    content: bytes | None


class TileFiles:
    """The ASGI application of tiles; everything else below an edition goes to ``page_files``."""

    def __init__(
        self, page_files: App, paths: EditionPaths, cache: TileCache, drawings: TileDrawings, find: FindPage
    ) -> None:
        self._page_files, self._paths = page_files, paths
        self._cache, self._drawings, self._find = cache, drawings, find
        # Of their own, so that asking the database for tiles delays no page file.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="tiles")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = self._paths.read(scope["raw_path"]) if b"/tiles/" in scope["raw_path"] else None
        if path is None or scope["method"] not in {"GET", "HEAD"}:
            await self._page_files(scope, receive, send)
            return
        try:
            content = await self._tile(path)
        except TilesBusy:
            await _answer_busy(send)
            return
        if content is None:
            await not_found(send)
        else:
            await answer_file(scope, receive, send, lambda: _served(path, content))

    async def start(self) -> None:
        """Have what a crash left in the cache taken away, beside the first requests."""
        self._sweeping = asyncio.create_task(asyncio.to_thread(_sweep))

    async def stop(self) -> None:
        """End all drawings."""
        await self._drawings.stop()
        self._threads.shutdown()

    async def _tile(self, path: EditionPath) -> bytes | None:
        named = _TILE.fullmatch(path.rest)
        if named is None or not self._cache.limit_bytes:
            return None
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._look_up, path, named)
        if found is None or found.content is not None:
            return found and found.content
        return await self._drawings.tile(found.wish)

    def _look_up(self, path: EditionPath, named: re.Match[bytes]) -> _Found | None:
        """Return the tile's place in the page as it is; None where there is no such tile."""
        number, width_px, column, row = (int(named[part]) for part in ("page", "width", "column", "row"))
        page = self._find(path.token, number, path.is_guarded)
        if page is None or page.extension != named["type"].decode():
            return None
        size = next((size for size in page.levels if size.width == width_px), None)
        if size is None or column >= grid_of(size)[0] or row >= grid_of(size)[1]:
            return None
        wish = TileWish(Level(path.token, number, width_px), page, size, TilePlace(column, row))
        content = self._cache.read(wish.level, wish.index_of(wish.place), wish.tile_count)
        if content is None and self._cache.is_refused(wish.level):
            return None
        return _Found(wish, content)


def create_tile_files(page_files: App, checked: Configuration) -> TileFiles:
    """Return the tiles of the running installation."""
    cache = tiles()
    drawings = TileDrawings(cache, storage().open_range)
    return TileFiles(page_files, EditionPaths(page_key(checked.secret_key)), cache, drawings, find_page)


def _served(path: EditionPath, content: bytes) -> ServedFile:
    media_type = MEDIA_TYPES[path.rest.rpartition(b".")[2].decode()]
    etag = b'"%08x-%x"' % (zlib.crc32(content), len(content))
    headers = [(b"content-type", media_type), (b"cache-control", path.caching), CORS]
    return ServedFile(len(content), etag, headers, lambda start, length: io.BytesIO(content[start:][:length]))


def find_page(token: str, number: int, is_guarded: bool) -> TiledPage | None:  # noqa: FBT001 (see FindPage)
    """Ask the database for a page. Raises TilesBusy where it does not answer."""
    from django.db import DatabaseError, InterfaceError, close_old_connections, connection

    close_old_connections()
    try:
        return tiled_page(token, number, is_guarded=is_guarded)
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        log.warning("no_database_for_tiles", error=str(error))
        raise TilesBusy from error


def _sweep() -> None:
    from django.db import connection

    try:
        sweep_tiles()
    except Exception:
        log.exception("tiles_not_swept")
    finally:
        connection.close()


async def _answer_busy(send: Send) -> None:
    headers = [(b"retry-after", b"%d" % RETRY_AFTER_S), (b"cache-control", b"no-store"), CORS]
    await answer_text(send, 503, "Other pages are being drawn. Please ask again soon.", headers)
