"""The thin Django view around the dispatcher, and nothing else."""

import re
import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from bifolio.api.dispatcher import answer, internal_error
from bifolio.api.wire import WireAnswer, WireCall
from bifolio.infra.received import BodyProblem, ReceivedBody, received_body

_log = structlog.get_logger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_FORM = "application/x-www-form-urlencoded"


@csrf_exempt
def v1(request: HttpRequest) -> HttpResponse:
    """Answer a call of the wire, at /v1 and /v1/."""
    request_id = _request_id(request)
    call = WireCall(
        method=request.method or "",
        query=str(request.META.get("QUERY_STRING", "")).encode("latin-1"),
        body=_body(request),
        client_address=str(request.META.get("REMOTE_ADDR", "")),
        idempotency_key=request.headers.get("Idempotency-Key"),
    )
    try:
        answered = answer(call)
    except Exception:  # noqa: BLE001 - the last border: a client gets JSON, the log gets the rest
        _log.exception("call failed", request_id=request_id)
        answered = internal_error()
    return _response(answered, request_id)


def _response(answered: WireAnswer, request_id: str) -> HttpResponse:
    response = HttpResponse(answered.body, status=answered.http_status, headers=dict(answered.headers))
    response["X-Request-Id"] = request_id
    # Known before the connection ends: an early answer is whole although the client still sends.
    response["Content-Length"] = str(len(answered.body))
    return response


def _body(request: HttpRequest) -> ReceivedBody:
    received = received_body.get()
    if received is not None:
        return received
    # No ASGI layer in front: an operator's own WSGI server. Uploads need the layer.
    if request.content_type in {_FORM, ""}:
        return ReceivedBody(form=request.body)
    return ReceivedBody(problem=BodyProblem.UNREADABLE, detail="this server takes no multipart bodies")


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
