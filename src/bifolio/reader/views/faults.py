"""The pages for addresses that lead nowhere and for our own faults."""

from django.http import HttpRequest, HttpResponse

from bifolio.reader.answers import plain_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Answer an address that Bifolio does not have."""
    return plain_page(request, "unavailable", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when Bifolio itself failed; the log has the reason under the request's id."""
    return plain_page(request, "broken", status=500)
