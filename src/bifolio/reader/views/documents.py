"""What the player and machines fetch of a flipbook: manifest, cover, the original."""

from pathlib import PurePath

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.http import content_disposition_header

from bifolio.kernel.visit_token import VisitToken
from bifolio.publishing.access import as_read, is_withheld, readable_flipbook
from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.links import COVER_SIZES
from bifolio.publishing.manifest import allows_download, first_page
from bifolio.publishing.models import Edition, Flipbook
from bifolio.reader.answers import reader_view
from bifolio.reader.manifests import ReaderPass, page_labelled, reader_manifest, stretch_of_page
from bifolio.reader.visits import renewed_visit, visit_of
from bifolio.stats.services import record_download

_log = structlog.get_logger(__name__)
_MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png"}


@reader_view
def manifest(request: HttpRequest, flipbook_hash: str) -> HttpResponseBase:
    """Answer the manifest from page index ``from`` on, or around ``label``; the visit's token is renewed.

    A visit reads on in the edition that it has opened, whatever the flipbook shows meanwhile.
    """
    preview = request.GET.get("preview", "")
    flipbook = readable_flipbook(flipbook_hash, preview=preview)
    visit = visit_of(request.GET.get("visit", ""), flipbook)
    if visit is not None:
        flipbook = as_read(flipbook, visit.edition_id)
    start = _start(request, flipbook.shown_edition)
    if start is None:
        return JsonResponse({"error": "from must be the index of a page, counted from 0"}, status=400)
    token = renewed_visit(visit, flipbook) if visit else ""
    answer = reader_manifest(flipbook, ReaderPass(token, preview), start=start)
    if not token:
        del answer["visitToken"]
    return JsonResponse(answer, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"})


@reader_view
def cover(request: HttpRequest, flipbook_hash: str, size: str) -> HttpResponseBase:
    """Answer the image of page 1; 404 until it is converted, and where that has failed."""
    preview = request.GET.get("preview", "")
    flipbook = readable_flipbook(flipbook_hash, preview=preview)
    page = first_page(flipbook.shown_edition)
    if page is None or is_withheld(flipbook, preview=preview):
        raise FlipbookNotFound(flipbook_hash)
    name: str = getattr(page, COVER_SIZES[size])
    response = _file(flipbook.shown_edition.folder + name, PurePath(name).suffix)
    response["Access-Control-Allow-Origin"] = "*"
    # A cover changes with a new edition, under the same address.
    response["Cache-Control"] = "private, no-cache" if flipbook.is_guarded else "public, max-age=300"
    return response


@reader_view
def download(request: HttpRequest, flipbook_hash: str) -> HttpResponseBase:
    """Answer the uploaded document itself, and count it once a visit."""
    flipbook = readable_flipbook(flipbook_hash, preview=request.GET.get("preview", ""))
    if not allows_download(flipbook):
        raise FlipbookNotFound(flipbook_hash)
    visit = visit_of(request.GET.get("visit", ""), flipbook)
    if visit is not None:
        flipbook = as_read(flipbook, visit.edition_id)
        if request.method == "GET" and _begins_at_first_byte(request):
            _count_download(visit)
    edition = flipbook.shown_edition
    response = _file(edition.original, edition.kind)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=_download_name(flipbook, edition)
    )
    response["Cache-Control"] = "private, no-cache"
    # A stranger's bytes: whatever a browser takes them for, they run nothing and reach nothing.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _start(request: HttpRequest, edition: Edition) -> int | None:
    """Return the index of the first page asked for, or None for what is no index."""
    if "label" in request.GET:
        return stretch_of_page(page_labelled(edition, request.GET["label"]))
    text = request.GET.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _file(key: str, kind: str) -> HttpResponse:
    """Hand a stored file over to the ASGI layer, which streams it with ranges and HEAD."""
    response = HttpResponse(content_type=_MEDIA_TYPES[kind.lstrip(".")])
    response["X-Bifolio-File"] = key
    return response


def _count_download(visit: VisitToken) -> None:
    try:
        record_download(visit)
    except OperationalError as error:
        # A full or busy database must not keep the document from its reader.
        _log.warning("a download was not counted", flipbook=visit.flipbook_id, error=str(error))


def _begins_at_first_byte(request: HttpRequest) -> bool:
    wanted = request.headers.get("Range", "bytes=0-").replace(" ", "")
    return wanted.startswith("bytes=0-") or not wanted.startswith("bytes=")


def _download_name(flipbook: Flipbook, edition: Edition) -> str:
    # Control characters would end the header; slashes would be folders on the reader's disk.
    title = "".join(char for char in flipbook.title if char.isprintable() and char not in '/\\:*?"<>|').strip(
        ". "
    )
    return f"{title[:120] or 'flipbook'}.{'jpg' if edition.kind == 'jpeg' else edition.kind}"
