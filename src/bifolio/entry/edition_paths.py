"""What lies below an edition: /f/ for everybody who knows its token, /g/ with a signature that expires."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from bifolio.infra.page_links import is_page_signature

_TOKEN = rb"(?P<token>[a-z0-9]{24})"
# Matched against the path as it was sent: nothing percent-encoded ever lies there.
_OPEN = re.compile(rb"/f/" + _TOKEN + rb"/(?P<rest>.+)")
_GUARDED = re.compile(
    rb"/g/(?P<expires>[0-9]{1,12})\.(?P<signature>[A-Za-z0-9_-]{22})/" + _TOKEN + rb"/(?P<rest>.+)"
)


@dataclass(frozen=True, slots=True)
class EditionPath:
    """The rest of a path below an edition, and the Cache-Control of what it leads to."""

    token: str
    is_guarded: bool
    rest: bytes
    caching: bytes


class EditionPaths:
    """Reads the paths whose signatures ``key`` has made; ``now`` tells the time in Unix seconds."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key, self._now = key, now

    def read(self, raw_path: bytes) -> EditionPath | None:
        """Return what a path leads to. Expired, forged and misshapen ones look alike: None."""
        found = _OPEN.fullmatch(raw_path)
        if found is not None:
            caching = b"public, max-age=31536000, immutable"
            return EditionPath(found["token"].decode(), is_guarded=False, rest=found["rest"], caching=caching)
        found = _GUARDED.fullmatch(raw_path)
        if found is None:
            return None
        left_s = int(found["expires"]) - int(self._now())
        token, expires, signature = (found[part].decode() for part in ("token", "expires", "signature"))
        if left_s <= 0 or not is_page_signature(self._key, token, expires, signature):
            return None
        caching = b"private, max-age=%d" % left_s
        return EditionPath(token, is_guarded=True, rest=found["rest"], caching=caching)
