"""Which host names this installation answers to; the others are 421, so no forged Host gets into a link."""

import re
from urllib.parse import urlsplit

from bifolio.infra.configuration import Configuration

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


def answered_hosts(configuration: Configuration) -> frozenset[str]:
    """Return the names that answer: loopback, the base URL's host, BIFOLIO_HOSTS. Ports never matter."""
    netloc = urlsplit(configuration.base_url).netloc.rpartition("@")[2]
    return LOOPBACK_NAMES | {host_name(netloc)} | set(configuration.hosts)


def host_name(host: str) -> str:
    """Return the name in a Host header, in lower case without port; empty when it is malformed."""
    found = _HOST.fullmatch(host.lower())
    return found["name"].removesuffix(".") if found else ""
