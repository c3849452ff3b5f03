"""A call and an answer of the wire, free of any web framework."""

from dataclasses import dataclass, field

from bifolio.infra.received import ReceivedBody


@dataclass(frozen=True, slots=True)
class WireCall:
    """One request as it came: ``query`` is the raw query string, ``body`` what was received.

    ``client_address`` is the client's, proxies already taken off.
    """

    method: str
    query: bytes
    body: ReceivedBody
    client_address: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """One response: HTTP status, headers in order, body."""

    http_status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
