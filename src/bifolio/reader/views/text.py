"""The whole book's text as accessible HTML, page after page."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string

from bifolio.conversion.script_language import language_of_script
from bifolio.conversion.text import text_direction
from bifolio.infra.storage import BlobMissing, storage
from bifolio.publishing.access import is_withheld, readable_flipbook
from bifolio.publishing.links import direct_path
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.reader.answers import PLAIN_CSP, PLAIN_CSS, moved, plain_page, reader_view
from bifolio.reader.manifests import FAILED_FOR_READERS, book_address
from bifolio.reader.player_assets import csp_hash
from bifolio.reader.text_view import page_content

_CSS = (
    PLAIN_CSS
    + """
h3,h4,h5,h6{font-size:1.05rem;line-height:1.3;margin:1.4em 0 .5em}h3{font-size:1.2rem}
section p,li,figcaption,td,th{overflow-wrap:anywhere}
ul{list-style:none;padding-inline-start:1.2em;margin:0 0 1em}
figure{margin:0 0 1em;padding-inline-start:1em;border-inline-start:3px solid var(--line)}
figcaption span{color:var(--soft)}
table{border-collapse:collapse;margin:0 0 1em;display:block;max-width:100%;overflow-x:auto}
td,th{border:1px solid var(--line);padding:.3em .6em;text-align:start;vertical-align:top}
"""
)
_CSP = PLAIN_CSP.replace(csp_hash(PLAIN_CSS), csp_hash(_CSS))
_PAGES_TO_JUDGE_BY = 8


@reader_view
def text(request: HttpRequest, flipbook_hash: str) -> HttpResponseBase:
    """Answer the whole book's text as plain, accessible HTML."""
    preview = request.GET.get("preview", "")
    flipbook = readable_flipbook(flipbook_hash, preview=preview)
    if request.path != direct_path(flipbook, "text.html"):
        return moved(request, direct_path(flipbook, "text.html"))
    if is_withheld(flipbook, preview=preview):
        return plain_page(request, "failed", title=flipbook.title, error=FAILED_FOR_READERS)
    response = StreamingHttpResponse(_text_of(flipbook, preview))
    response["Content-Security-Policy"] = f"{_CSP}; frame-ancestors 'self'"
    response["Cache-Control"] = "no-cache"
    return response


def _text_of(flipbook: Flipbook, preview: str) -> Iterator[str]:
    edition = flipbook.shown_edition
    numbers = _numbers_to_show(edition)
    sample = "\n".join(edition.pages.values_list("text", flat=True)[:_PAGES_TO_JUDGE_BY])
    context = {
        "flipbook": flipbook,
        "language": edition.language or language_of_script(sample),
        "direction": text_direction(sample),
        "css": _CSS,
        "book_address": book_address(flipbook, preview),
        "is_processing": edition.state == EditionState.PROCESSING,
        "is_failed": edition.state == EditionState.FAILED,
        "page_count": edition.page_count,
        "pages_shown": len(numbers),
    }
    head, _, foot = render_to_string("reader/text.html", context).partition("<!--pages-->")
    yield head
    fields = "number", "text", "layers", "is_placeholder"
    pages = edition.pages.filter(number__lte=max(numbers, default=0)).values_list(*fields)
    for number, page_text, layers, is_placeholder in pages.iterator(50):
        content = page_content(_read(edition, layers), page_text, is_placeholder=is_placeholder)
        page = {
            "number": number,
            "label": _label(edition, number),
            "direction": text_direction(page_text),
            "content": content,
        }
        yield render_to_string("reader/text_page.html", page)
    yield foot


def _numbers_to_show(edition: Edition) -> list[int]:
    """Return the numbers of the pages that are there; while others are to come, up to the first gap."""
    numbers = list(edition.pages.values_list("number", flat=True))
    if edition.state != EditionState.PROCESSING:
        return numbers
    return [number for place, number in enumerate(numbers, start=1) if number == place]


def _read(edition: Edition, name: str) -> bytes | None:
    if not name:
        return None
    try:
        with storage().open_range(edition.folder + name) as file:
            return file.read()
    except BlobMissing:
        return None


def _label(edition: Edition, number: int) -> str:
    """The page's own label, where it is not its number."""
    labels: list[str] = edition.page_labels
    label = labels[number - 1] if number <= len(labels) else ""
    return "" if label == str(number) else label
