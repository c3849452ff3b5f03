"""What every page of Django is sent with, unless its view says otherwise (security.md 2.4)."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: GetResponse) -> GetResponse:
    """Add the headers that a response lacks: nothing may be loaded, run or framed by default."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in _DEFAULTS.items():
            response.headers.setdefault(name, value)
        return response

    return respond
