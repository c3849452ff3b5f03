"""Bifolio's settings: every BIFOLIO_* environment variable, typed and checked once at start.

The table SETTINGS is the only place that names them; docs/operate/settings.md is generated from it.
"""

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bifolio.kernel.errors import BifolioError

PREFIX = "BIFOLIO_"
DEFAULT_PORT = 8000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigurationError(BifolioError):
    """A setting that cannot be used: ``name`` is the variable, ``problem`` and ``fix`` are for people."""

    def __init__(self, name: str, problem: str, fix: str) -> None:
        super().__init__(f"{name}: {problem}. {fix}")
        self.name, self.problem, self.fix = name, problem, fix


@dataclass(frozen=True)
class Configuration:
    """The checked settings. Limits are None where they are switched off.

    ``hosts`` are further host names that answer; ``private_networks`` may be fetched from in
    spite of the guard; ``trusted_proxies`` are believed when they name a client's address.
    """

    data: Path
    base_url: str
    secret_key: str
    database_url: str
    calls_per_second: int | None
    calls_per_minute: int | None
    uploads_per_month: int | None
    max_file_mb: int | None
    max_pages: int | None
    hosts: tuple[str, ...]
    private_networks: tuple[Network, ...]
    trusted_proxies: tuple[Network, ...]
    log_format: str
    metrics_token: str

    @property
    def max_file_bytes(self) -> int | None:
        """The largest accepted upload in bytes, or None."""
        return None if self.max_file_mb is None else self.max_file_mb * 1024 * 1024

    @property
    def is_https(self) -> bool:
        """Whether readers reach this installation by TLS, so that cookies can be secure."""
        return self.base_url.startswith("https://")


def _text(value: str) -> str:
    return value.strip()


def _limit(value: str) -> int | None:
    if not re.fullmatch(r"[0-9]{1,9}", value.strip()):
        raise ValueError("not a whole number")
    return int(value) or None


def _base_url(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("not an address like https://flipbooks.example.org")
    if parts.path.strip("/"):
        raise ValueError("has a path, and Bifolio answers at the root of a host")
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in value.split(",") if host.strip())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host):
            raise ValueError(f"{host!r} is not a host name")
    return hosts


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip() not in choices:
            raise ValueError(f"not one of {', '.join(choices)}")
        return value.strip()

    return parse


@dataclass(frozen=True)
class Setting:
    """One variable: its name without the prefix, its default as text, its parser and its meaning."""

    name: str
    default: str
    parse: Callable[[str], object]
    meaning: str
    fix: str

    @property
    def variable(self) -> str:
        """The name of the environment variable."""
        return PREFIX + self.name


_LIMIT_FIX = "Give a whole number; 0 switches the limit off."
_NETWORKS_FIX = "Give networks like 10.0.0.0/8,fd00::/8."

SETTINGS: tuple[Setting, ...] = (
    Setting("DATA", "./data", Path, "Folder of everything that Bifolio keeps.", "Give a folder."),
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
        _text,
        "Database, for example `postgresql://bifolio:password@db/bifolio`. "
        "Default: SQLite in the data folder.",
        "Give a sqlite: or postgresql: address.",
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
        "METRICS_TOKEN",
        "",
        _text,
        "Bearer token that opens the details of /health and /metrics to other machines; "
        "without it they answer in detail on loopback only.",
        "Give a long random text.",
    ),
)


def load_configuration(environ: Mapping[str, str]) -> Configuration:
    """Check every BIFOLIO_* variable of ``environ``. Raises ConfigurationError on the first bad one.

    Makes the data folder, and the secret key in it where none is given.
    """
    known = {setting.variable for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            raise ConfigurationError(name, "is not a setting of Bifolio", _nearest(name, known))
    values = {setting.name.lower(): _parse(setting, environ) for setting in SETTINGS}
    data = _make_data_folder(Path(str(values["data"])))
    values["data"] = data
    values["base_url"] = values["base_url"] or f"http://127.0.0.1:{_served_port(data)}"
    values["secret_key"] = values["secret_key"] or _kept_secret_key(data)
    values["database_url"] = values["database_url"] or f"sqlite:///{data / 'bifolio.sqlite3'}"
    if len(str(values["secret_key"])) < 32:
        raise ConfigurationError("BIFOLIO_SECRET_KEY", "is shorter than 32 characters", _fix("SECRET_KEY"))
    if not str(values["database_url"]).startswith(("sqlite:", "postgresql:", "postgres:")):
        raise ConfigurationError("BIFOLIO_DATABASE_URL", "names an unknown database", _fix("DATABASE_URL"))
    return Configuration(**values)  # type: ignore[arg-type]


def _parse(setting: Setting, environ: Mapping[str, str]) -> object:
    value = environ.get(setting.variable, setting.default)
    try:
        return setting.parse(value)
    except ValueError as error:
        raise ConfigurationError(setting.variable, f"{value!r} is {error}", setting.fix) from error


def _fix(name: str) -> str:
    return next(setting.fix for setting in SETTINGS if setting.name == name)


def _nearest(name: str, known: set[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else "Remove it; docs/operate/settings.md lists them all."


def _make_data_folder(data: Path) -> Path:
    try:
        data.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            "BIFOLIO_DATA",
            f"{str(data)!r} cannot be made ({error.strerror})",
            "Give a folder that can be written.",
        ) from error
    return data.resolve()


def _kept_secret_key(data: Path) -> str:
    path = data / "secret-key"
    if not path.exists():
        _write_secret_key(path)
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "BIFOLIO_SECRET_KEY",
            f"{path} cannot be read ({error})",
            "Mend its permissions, or set the variable.",
        ) from error


def _write_secret_key(path: Path) -> None:
    # A hard link makes the first writer win whole, when several processes start at once.
    draft = path.with_name(f"secret-key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def port_file(data: Path) -> Path:
    """Return where a running server notes its port, so that the command line prints working links."""
    return data / "run" / "port"


def _served_port(data: Path) -> int:
    try:
        return int(port_file(data).read_text("ascii"))
    except (OSError, ValueError):
        return DEFAULT_PORT


def configuration() -> Configuration:
    """Return the running installation's configuration (Django's settings carry it)."""
    from django.conf import settings

    checked: Configuration = settings.BIFOLIO
    return checked
