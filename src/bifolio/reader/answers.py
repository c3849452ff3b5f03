"""How the reader door looks a flipbook up and answers when there is none to show."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

import structlog
from django.core.exceptions import TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from bifolio.publishing.errors import FlipbookNotFound
from bifolio.reader.player_assets import PlayerNotBuilt, csp_hash
from bifolio.reader.throttle import MISSES

View = Callable[..., HttpResponseBase]
BUSY_RETRY_S = 5
_log = structlog.get_logger(__name__)

PLAIN_CSS = """
:root{color-scheme:light dark;--ground:#e8e6e1;--ink:#22242a;--soft:#5b5e66;--line:#c9c5bd}
@media(prefers-color-scheme:dark){:root{--ground:#23252a;--ink:#f1efea;--soft:#b0b2b8;--line:#4b4e55}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);
font:1.05rem/1.55 system-ui,sans-serif}
main{box-sizing:border-box;width:100%;max-width:38rem;padding:2rem 1.5rem}h1,p{overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .6em;text-wrap:balance}.mark{display:block;
margin:0 0 1rem -.25rem}
p{margin:0 0 1em;color:var(--soft)}a{color:inherit;text-underline-offset:.2em}
code,pre{font:.9em ui-monospace,monospace}
pre{padding:1em;overflow:auto;border:1px solid;border-radius:4px}
section{margin-top:2rem;padding-top:1.2rem;border-top:1px solid var(--line)}section p{color:inherit}
h2{font-size:.9rem;margin:0 0 1em;color:var(--soft)}
""".strip()
# No frame-ancestors where embedding is free: "*" would still refuse files, apps and about:blank.
PLAIN_CSP = "; ".join(
    [
        "default-src 'none'",
        "img-src 'self'",
        f"style-src {csp_hash(PLAIN_CSS)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)


def plain_page(request: HttpRequest, template: str, *, status: int = 200, **context: str) -> HttpResponse:
    """Answer one of the plain pages, which need no player."""
    response = render(request, f"reader/{template}.html", {"css": PLAIN_CSS, **context}, status=status)
    response["Content-Security-Policy"] = PLAIN_CSP
    response["Cache-Control"] = "no-store"
    return response


def moved(request: HttpRequest, path: str) -> HttpResponseRedirect:
    """Send the reader on to the address that a flipbook has now."""
    # Temporary: a title may change back, and browsers keep a permanent redirect for ever.
    return HttpResponseRedirect(path + reading_query(request))


def reading_query(request: HttpRequest) -> str:
    """Return the query by which the asked page and the preview pass go along to another address."""
    kept = {name: request.GET[name] for name in ("p", "preview") if name in request.GET}
    return f"?{urlencode(kept)}" if kept else ""


def reader_view(view: View) -> View:
    """Answer a plain page where there is no flipbook to show.

    404 for a flipbook that is not there for this reader, 429 to those who guess, 400 for an address with
    more fields than Django reads.
    """

    @wraps(view)
    def answer(request: HttpRequest, **captured: str) -> HttpResponseBase:
        # The ASGI front has put the client there, as far as trusted proxies tell it.
        address = str(request.META.get("REMOTE_ADDR", ""))
        if MISSES.is_over(address):
            response = plain_page(request, "too_many", status=429)
            response["Retry-After"] = str(MISSES.window_s)
            return response
        try:
            return view(request, **captured)
        except FlipbookNotFound as error:
            MISSES.count(address, error.flipbook_hash)
            return plain_page(request, "unavailable", status=404)
        except TooManyFieldsSent:
            return plain_page(request, "misshapen", status=400)
        except PlayerNotBuilt:
            return plain_page(request, "not_built", status=503)
        except (InterfaceError, OperationalError) as error:
            _log.warning("the database does not answer a reader", error=str(error))
            response = plain_page(request, "busy", status=503)
            response["Retry-After"] = str(BUSY_RETRY_S)
            return response

    return answer
