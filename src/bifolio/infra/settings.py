"""The table of every BIFOLIO_* setting: its name, default, parser, meaning and fix.

The only place that names them; docs/operate/settings.md is generated from it.
"""

import ipaddress
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PREFIX = "BIFOLIO_"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _text(value: str) -> str:
    return value.strip()


def _count(value: str) -> int:
    if re.fullmatch(r"-[0-9]+", value.strip()):
        raise ValueError("below 0")
    if not re.fullmatch(r"[0-9]{1,9}", value.strip()):
        raise ValueError("not a whole number of nine digits at most")
    return int(value)


def _limit(value: str) -> int | None:
    return _count(value) or None


def _folder(value: str) -> Path:
    if not value.strip():
        raise ValueError("empty")
    return Path(value)


def _database_url(value: str) -> str:
    address = value.strip()
    parts = urlsplit(address)
    if parts.scheme not in {"sqlite", "postgresql", "postgres"} or not _has_possible_port(parts):
        raise ValueError("not the address of a database that Bifolio knows")
    if not parts.path.strip("/"):
        raise ValueError("an address without the name of a database")
    return address


def _has_possible_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _base_url(value: str) -> str:
    parts = urlsplit(value.strip())
    is_address = parts.scheme in {"http", "https"} and parts.hostname and _has_possible_port(parts)
    if not is_address or parts.query or parts.fragment:
        raise ValueError("not an address like https://flipbooks.example.org")
    if parts.path.strip("/"):
        raise ValueError("an address with a path, and Bifolio answers at the root of a host")
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in value.split(",") if host.strip())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host):
            raise ValueError(f"not a list of host names: {host!r} is none")
    return hosts


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(_network(part.strip()) for part in value.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(f"not a list of networks: {text!r} is none") from None


def _command(value: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(value))
    except ValueError:
        raise ValueError("not a command line: a quote or a backslash has no end") from None


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip() not in choices:
            raise ValueError(f"not one of {', '.join(choices)}")
        return value.strip()

    return parse


@dataclass(frozen=True)
class Setting:
    """One variable: its name without the prefix, its default as text, its parser and its meaning.

    The value of a secret one is never repeated in a message.
    """

    name: str
    default: str
    parse: Callable[[str], object]
    meaning: str
    fix: str
    is_secret: bool = False

    @property
    def variable(self) -> str:
        """The name of the environment variable."""
        return PREFIX + self.name


_LIMIT_FIX = "Give a whole number; 0 switches the limit off."
_NETWORKS_FIX = "Give networks like 10.0.0.0/8,fd00::/8."

SETTINGS: tuple[Setting, ...] = (
    Setting("DATA", "./data", _folder, "Folder of everything that Bifolio keeps.", "Give a folder."),
    Setting(
        "BASE_URL",
        "",
        lambda value: _base_url(value) if value else "",
        "Address under which readers reach this installation; links and embeds begin with it. "
        "Default: `http://127.0.0.1:PORT`.",
        "Give scheme and host, for example https://flipbooks.example.org.",
    ),
    Setting(
        "SECRET_KEY",
        "",
        _text,
        "Signs links and visits, encrypts API secrets. "
        "Made and kept in `DATA/secret-key` (mode 0600) when absent.",
        "Give 32 random characters or more, or leave it out.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        lambda value: _database_url(value) if value.strip() else "",
        "Database, for example `postgresql://bifolio:password@db/bifolio`. "
        "Default: SQLite in the data folder.",
        "Give an address like postgresql://user:password@host/name or sqlite:////folder/file.",
        is_secret=True,
    ),
    Setting(
        "CALLS_PER_SECOND", "5", _limit, "API calls a second for each key (status 31 above).", _LIMIT_FIX
    ),
    Setting(
        "CALLS_PER_MINUTE", "60", _limit, "API calls a minute for each key (status 32 above).", _LIMIT_FIX
    ),
    Setting(
        "UPLOADS_PER_MONTH",
        "1000",
        _limit,
        "Uploads a calendar month (UTC) for each workspace (status 33 above).",
        _LIMIT_FIX,
    ),
    Setting("MAX_FILE_MB", "500", _limit, "Largest upload in MB (status 34 above).", _LIMIT_FIX),
    Setting("MAX_PAGES", "1000", _limit, "Most pages of a document (status 35 above).", _LIMIT_FIX),
    Setting(
        "KEEP_EDITIONS",
        "10",
        _count,
        "Earlier editions that each flipbook keeps to go back to; 0 keeps none. "
        "The others go 24 h after they were replaced.",
        "Give a whole number.",
    ),
    Setting(
        "TILE_CACHE_MB",
        "512",
        _count,
        "MB that the tiles of deep zoom may take in `DATA/cache`; those not read for longest go first. "
        "0 switches deep zoom off.",
        "Give a whole number.",
    ),
    Setting(
        "HOSTS",
        "",
        _hosts,
        "More host names that answer, comma-separated, for example `api.example.org,upload.example.org`.",
        "Give host names without scheme or port.",
    ),
    Setting(
        "PRIVATE_NETWORKS",
        "",
        _networks,
        "Private networks that `fileUrl` and webhooks may reach in spite of the guard, comma-separated.",
        _NETWORKS_FIX,
    ),
    Setting(
        "TRUSTED_PROXIES",
        "",
        _networks,
        "Networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, "
        "comma-separated.",
        _NETWORKS_FIX,
    ),
    Setting(
        "LOG_FORMAT",
        "console",
        _one_of("console", "json"),
        "How log lines look on standard error: `console` or `json`.",
        "Give console or json.",
    ),
    Setting(
        "SANDBOX_REQUIRE",
        "none",
        _one_of("none", "full"),
        "`full`: do not start, and read no document, where the sandbox is not whole; "
        "see [sandbox.md](sandbox.md).",
        "Give none or full.",
    ),
    Setting(
        "SANDBOX_USER",
        "nobody",
        _text,
        "Whom the process that reads a document becomes when Bifolio runs as root: a name or a number.",
        "Give a user who owns nothing.",
    ),
    Setting(
        "RENDER_WRAPPER",
        "",
        _command,
        "Program with arguments that starts each such process, for example "
        "`bwrap --ro-bind / / --unshare-net --die-with-parent`.",
        "Give a command line whose quotes are closed.",
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        _text,
        "Bearer token that opens the details of /health and /metrics to other machines; "
        "without it they answer in detail on loopback only.",
        "Give a long random text.",
    ),
)
