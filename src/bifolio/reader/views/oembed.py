"""oEmbed 1.0: other sites turn a flipbook's link into an embed (https://oembed.com)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from bifolio.infra.configuration import configuration
from bifolio.publishing.access import is_withheld, readable_flipbook
from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.links import cover_link, embed_code
from bifolio.publishing.manifest import first_page
from bifolio.publishing.models import Flipbook
from bifolio.reader.addresses import hash_of_address
from bifolio.reader.answers import reader_view

_COVER_WIDTH_PX = 900


@reader_view
def oembed(request: HttpRequest) -> HttpResponseBase:
    """Answer how to embed the flipbook behind ``url``, within ``maxwidth`` and ``maxheight``."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("Only format=json is offered.", status=501, content_type="text/plain")
    flipbook_hash = hash_of_address(request.GET.get("url", ""))
    if flipbook_hash is None:
        raise FlipbookNotFound(request.GET.get("url", ""))
    flipbook = readable_flipbook(flipbook_hash)
    answer = _rich(flipbook, *_size(request, flipbook))
    return JsonResponse(answer, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=300"})


def _rich(flipbook: Flipbook, width: int, height: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": flipbook.title,
        "author_name": flipbook.workspace.name,
        "provider_name": "Bifolio",
        "provider_url": configuration().base_url,
        "width": width,
        "height": height,
        "html": embed_code(flipbook, width=str(width), height=str(height)),
    }
    page = first_page(flipbook.shown_edition)
    if page is not None and not is_withheld(flipbook):
        answer["thumbnail_url"] = cover_link(flipbook)
        answer["thumbnail_width"] = _COVER_WIDTH_PX
        answer["thumbnail_height"] = round(_COVER_WIDTH_PX * page.height_pt / page.width_pt)
    return answer


def _size(request: HttpRequest, flipbook: Flipbook) -> tuple[int, int]:
    """Shrink the flipbook's own size into the asker's bounds, keeping its shape."""
    scale = min(
        1.0,
        _bound(request, "maxwidth", flipbook.width) / flipbook.width,
        _bound(request, "maxheight", flipbook.height) / flipbook.height,
    )
    return max(1, int(flipbook.width * scale)), max(1, int(flipbook.height * scale))


def _bound(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 6 else otherwise
