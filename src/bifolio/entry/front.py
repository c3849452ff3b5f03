"""The outermost ASGI layer: who asks, for which host, under which id; and one log line for each request."""

import re
import secrets
import time

import structlog

from bifolio.entry.answers import answer_text
from bifolio.entry.asgi_types import App, Message, Receive, Scope, Send, header
from bifolio.entry.hosts import answered_hosts, host_name
from bifolio.entry.metrics import REQUEST_SECONDS, REQUESTS
from bifolio.infra.client_address import forwarded_client, is_in
from bifolio.infra.configuration import Configuration

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_AREAS = {"f": "page files", "g": "page files", "reading": "beacons", "assets": "assets", "v1": "api"}
# A reader's minute makes dozens of these; they are counted in the metrics, and logged when they fail.
_QUIET_AREAS = frozenset({"page files", "beacons", "assets", "health"})


class FrontDoor:
    """Names the request, believes trusted proxies, refuses foreign hosts with 421, logs and counts."""

    def __init__(self, app: App, configuration: Configuration) -> None:
        self._app = app
        self._hosts = answered_hosts(configuration)
        self._proxies = configuration.trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope = self._known(scope, request_id)
        answered = _Answered(send, request_id)
        structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        began_at = time.perf_counter()
        try:
            if self._is_ours(scope):
                await self._app(scope, receive, answered)
            else:
                await answer_text(
                    answered,
                    421,
                    "This server does not answer under this host name: "
                    "its operator can add it to BIFOLIO_HOSTS.",
                )
        except Exception:
            log.exception("request failed", method=scope["method"], path=scope["path"])
            if answered.status:
                raise
            await answer_text(answered, 500, "Something went wrong; the server's log says what.")
        finally:
            _note(scope, answered.status, time.perf_counter() - began_at)
            structlog.contextvars.unbind_contextvars("request_id")

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and host_name(hosts[0].decode("latin-1")) in self._hosts

    def _known(self, scope: Scope, request_id: bytes) -> Scope:
        """Return the scope with its id as a header, and client and scheme as a trusted proxy tells them."""
        headers = [pair for pair in scope["headers"] if pair[0] != b"x-request-id"]
        known = {**scope, "headers": [*headers, (b"x-request-id", request_id)]}
        peer = scope.get("client")
        if peer is None or not is_in(peer[0], self._proxies):
            return known
        hops = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        known["client"] = (forwarded_client(peer[0], hops.decode("latin-1"), self._proxies), peer[1])
        scheme = header(scope, b"x-forwarded-proto").decode("latin-1").rpartition(",")[2].strip().lower()
        if scheme in {"http", "https"}:
            known["scheme"] = scheme
        return known


class _Answered:
    """Sends an answer on, with the request's id, and remembers its status."""

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send, self._request_id = send, request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [pair for pair in message.get("headers", []) if pair[0] != b"x-request-id"]
            message = {**message, "headers": [*headers, (b"x-request-id", self._request_id)]}
        await self._send(message)


def _request_id(scope: Scope) -> bytes:
    given = header(scope, b"x-request-id")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16).encode()


def _note(scope: Scope, status: int, duration_s: float) -> None:
    """Log and count. Status 0 is a client that went before its answer. No query: it has signatures."""
    first = scope["path"][1:].partition("/")[0]
    area = _AREAS.get(first, "health" if first in {"health", "metrics"} else "pages")
    REQUESTS.labels(area, str(status)).inc()
    REQUEST_SECONDS.labels(area).observe(duration_s)
    if area in _QUIET_AREAS and 0 < status < 400:
        return
    log.info(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=status,
        duration_ms=round(duration_s * 1000, 1),
        client=(scope.get("client") or ("",))[0],
    )
