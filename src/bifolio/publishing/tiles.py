"""Deep zoom: which tiles the pages of an edition have, and for whom they may be drawn."""

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from bifolio.conversion.levels import Size, levels_of
from bifolio.conversion.limits import TILE_PX
from bifolio.conversion.reasons import FileKind
from bifolio.infra.configuration import configuration
from bifolio.infra.tile_cache import TileCache, tile_cache
from bifolio.publishing.models import Edition, Page

TILE_PATH = "tiles/{page}/{width}/{column}-{row}.{type}"
"""Where a tile lies below the edition's page files, for the manifest."""


@dataclass(frozen=True, slots=True)
class TiledPage:
    """A page that may be drawn in tiles. ``original`` is the document's key in the store.

    ``levels`` are sizes in pixels; ``extension`` is ``png`` or ``jpg``, as its other images have it.
    """

    edition_id: int
    kind: FileKind
    number: int
    levels: tuple[Size, ...]
    extension: str
    original: str
    password: str = field(repr=False)


def tiled_page(token: str, number: int, *, is_guarded: bool) -> TiledPage | None:
    """Return a page of the edition that goes by this token now; None where there is nothing to draw.

    ``is_guarded`` tells which of the two addresses is asked, of which only one is an edition's.
    """
    page = (
        Page.objects.select_related("edition")
        .filter(
            edition__token=token,
            edition__is_guarded=is_guarded,
            edition__flipbook__deleted_at=None,
            number=number,
            is_placeholder=False,
        )
        .defer("text", "edition__outline", "edition__page_labels")
        .first()
    )
    if page is None:
        return None
    edition = page.edition
    kind = FileKind(edition.kind)
    levels = levels_of(kind, page.width_pt, page.height_pt)
    extension = _extension(page.large)
    return TiledPage(edition.pk, kind, number, levels, extension, edition.original, edition.password)


def tiles_of_edition() -> dict[str, Any]:
    """Return the manifest's ``tiles``; nothing where deep zoom is switched off."""
    return {"tiles": {"size": TILE_PX, "path": TILE_PATH}} if configuration().tile_cache_mb else {}


def tiles_of_page(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the ``tiles`` of a page of the manifest, given its fields; nothing where it has none."""
    if row["is_placeholder"] or not configuration().tile_cache_mb:
        return {}
    levels = levels_of(FileKind(kind), row["width_pt"], row["height_pt"])
    if not levels:
        return {}
    return {"tiles": {"type": _extension(row["large"]), "levels": [list(level) for level in levels]}}


def tiles() -> TileCache:
    """Return the tiles that this machine keeps."""
    return tile_cache(configuration().data, configuration().tile_cache_bytes)


def forget_tiles(folder: str) -> None:
    """Delete the tiles of the edition whose page files lay in this folder of the store."""
    tiles().forget(folder.split("/")[1])


def sweep_tiles() -> None:
    """Delete the tiles of editions that are gone, or go by another token, and what crashes left behind."""
    cache = tiles()
    tokens = cache.tokens()
    living = Edition.objects.filter(token__in=tokens, flipbook__deleted_at=None)
    cache.sweep(set(living.values_list("token", flat=True)) if configuration().tile_cache_mb else ())


def _extension(file_name: str) -> str:
    return "png" if PurePath(file_name).suffix == ".png" else "jpg"
