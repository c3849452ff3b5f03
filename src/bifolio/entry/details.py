"""Who may see how this installation is: whoever sits on the machine, or has BIFOLIO_METRICS_TOKEN."""

import hmac

from bifolio.entry.asgi_types import Scope, header
from bifolio.infra.client_address import is_loopback

# Marks of a reverse proxy, behind which everybody comes from this machine.
_PROXY_HEADERS = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


def may_see_details(scope: Scope, token: str) -> bool:
    """Whether to answer this request in detail. ``token`` is the configured one, empty for none."""
    given = header(scope, b"authorization")
    if token and hmac.compare_digest(given, f"Bearer {token}".encode()):
        return True
    is_proxied = any(name in _PROXY_HEADERS for name, _ in scope["headers"])
    peer = scope.get("client")
    return not is_proxied and peer is not None and is_loopback(peer[0])
