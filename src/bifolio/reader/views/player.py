"""The player's page, at every address under which it has ever been embedded or linked."""

from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from bifolio.infra.configuration import configuration
from bifolio.publishing.access import is_withheld, readable_flipbook
from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.links import cover_link, direct_link, direct_path
from bifolio.publishing.manifest import page_base
from bifolio.publishing.models import Edition, Flipbook, Page
from bifolio.publishing.spreads import lay_out, rules_of, spread_pages
from bifolio.reader.addresses import hash_of_embed, page_of
from bifolio.reader.answers import moved, plain_page, reader_view, reading_query
from bifolio.reader.manifests import ReaderPass, reader_manifest, stretch_of_page
from bifolio.reader.player_assets import csp_hash, player_assets
from bifolio.reader.program import program_name
from bifolio.reader.structured_data import data_block, document_data
from bifolio.reader.visits import new_visit

BEACON_PATH = "/reading"
MEDIUM_WIDTH_PX = 900
DIRECT_CSS = "html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block;background:#23252a}"


@reader_view
def home(request: HttpRequest) -> HttpResponseBase:
    """Answer ``/?hash=…`` and the old widget addresses with the player, ``/`` alone with a welcome."""
    if "hash" not in request.GET:
        return plain_page(request, "welcome", program=program_name())
    flipbook_hash = hash_of_embed(request.GET["hash"])
    if flipbook_hash is None:
        raise FlipbookNotFound(request.GET["hash"])
    return _player(request, readable_flipbook(flipbook_hash, preview=_preview(request)), host="embed")


@reader_view
def direct(request: HttpRequest, flipbook_hash: str) -> HttpResponseBase:
    """Answer the direct link: the page that people share, holding the player in an iframe."""
    flipbook = readable_flipbook(flipbook_hash, preview=_preview(request))
    if request.path != direct_path(flipbook):
        return moved(request, direct_path(flipbook))
    full_view = direct_path(flipbook, "full-view.html") + reading_query(request)
    context = {**_head(flipbook, _preview(request)), "css": DIRECT_CSS, "full_view": full_view}
    response = render(request, "reader/direct.html", context)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; frame-src 'self'; img-src 'self'; style-src {csp_hash(DIRECT_CSS)}; "
        "base-uri 'none'; form-action 'none'"
    )
    response["Cache-Control"] = "no-cache"
    return response


@reader_view
def full_view(request: HttpRequest, flipbook_hash: str) -> HttpResponseBase:
    """Answer the player over the whole window."""
    flipbook = readable_flipbook(flipbook_hash, preview=_preview(request))
    if request.path != direct_path(flipbook, "full-view.html"):
        return moved(request, direct_path(flipbook, "full-view.html"))
    return _player(request, flipbook, host="page")


def _player(request: HttpRequest, flipbook: Flipbook, *, host: Literal["page", "embed"]) -> HttpResponse:
    assets = player_assets()
    edition = flipbook.shown_edition
    asked_page = page_of(request.GET.get("p", ""))
    start_page = min(asked_page, edition.page_count or 1)
    reader_pass = ReaderPass(new_visit(flipbook, preview=_preview(request)), _preview(request))
    manifest = reader_manifest(flipbook, reader_pass, start=stretch_of_page(start_page))
    bootstrap = {
        "manifest": manifest,
        "startPage": start_page,
        "askedPage": asked_page,
        "host": host,
        "beaconUrl": BEACON_PATH,
        "language": "en",
    }
    head = _head(flipbook, reader_pass.preview)
    context = {
        **head,
        "assets": assets,
        "manifest": manifest,
        "first_page": None if head["is_withheld"] else _first_page(edition, start_page),
        "side": _side(flipbook, start_page),
        "bootstrap": bootstrap,
        "bootstrap_script": data_block("application/json", bootstrap, element_id="bifolio-bootstrap"),
    }
    response = render(request, "reader/player.html", context)
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        f"style-src 'self' {assets.critical_css_hash}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    # A visit token belongs to one load: no cache may give it to a second.
    response["Cache-Control"] = "no-store"
    return response


def _first_page(edition: Edition, start_page: int) -> dict[str, Any] | None:
    page: Page | None = edition.pages.filter(number=start_page).first()
    if page is None:
        return None
    return {
        "number": start_page,
        "image": page_base(edition) + page.medium,
        "width_px": MEDIUM_WIDTH_PX,
        "height_px": round(MEDIUM_WIDTH_PX * page.height_pt / page.width_pt),
        "text": page.text,
    }


def _side(flipbook: Flipbook, page: int) -> str:
    """Return where a page lies when two are shown, as the player will lay it out (player/shell.html)."""
    edition, rules = flipbook.shown_edition, rules_of(flipbook)
    wide = spread_pages(edition, rules)
    spreads = lay_out(edition.page_count or 0, wide, cover_is_alone=rules.cover_is_alone)
    seen = next((spread for spread in spreads if page in spread), [page])
    if len(seen) == 1:
        return "alone"
    return "left" if (page == seen[0]) == (edition.direction == "ltr") else "right"


def _head(flipbook: Flipbook, preview: str) -> dict[str, Any]:
    link = direct_link(flipbook, preview=preview)
    return {
        "flipbook": flipbook,
        "edition": flipbook.shown_edition,
        "is_withheld": is_withheld(flipbook, preview=preview),
        "direct_link": link,
        "cover": cover_link(flipbook, preview=preview),
        "oembed": f"{configuration().base_url}/oembed?{urlencode({'url': link})}",
        "document_script": data_block("application/ld+json", document_data(flipbook, preview)),
    }


def _preview(request: HttpRequest) -> str:
    return request.GET.get("preview", "")
