"""The small picture in the browser's tab: two leaves of an open book."""

from django.http import HttpRequest, HttpResponse

_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M16 8C12 5 7 5 3 6v19c4-1 9-1 13 2z" fill="#e8e6e1" stroke="#22242a" stroke-width="1.5"/>
<path d="M16 8c4-3 9-3 13-2v19c-4-1-9-1-13 2z" fill="#fff" stroke="#22242a" stroke-width="1.5"/>
<path d="M16 8c2-4 6-5 9-5l4 3c-4-1-9-1-13 2z" fill="#c8452f"/>
</svg>"""


def icon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Answer the icon, whatever a browser calls it."""
    return HttpResponse(
        _ICON, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )
