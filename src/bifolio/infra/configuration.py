"""Bifolio's configuration: every BIFOLIO_* environment variable, typed and checked once at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bifolio.infra.settings import PREFIX, SETTINGS, Network, Setting
from bifolio.kernel.errors import BifolioError

DEFAULT_PORT = 8000


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
    keep_editions: int
    tile_cache_mb: int
    hosts: tuple[str, ...]
    private_networks: tuple[Network, ...]
    trusted_proxies: tuple[Network, ...]
    log_format: str
    sandbox_require: str
    sandbox_user: str
    render_wrapper: tuple[str, ...]
    metrics_token: str

    @property
    def max_file_bytes(self) -> int | None:
        """The largest accepted upload in bytes, or None."""
        return None if self.max_file_mb is None else self.max_file_mb * 1024 * 1024

    @property
    def tile_cache_bytes(self) -> int:
        """Bytes that tiles may take; 0 where there is no deep zoom."""
        return self.tile_cache_mb * 1024 * 1024

    @property
    def is_https(self) -> bool:
        """Whether readers reach this installation by TLS, so that cookies can be secure."""
        return self.base_url.startswith("https://")


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
    return Configuration(**values)  # type: ignore[arg-type]


def _parse(setting: Setting, environ: Mapping[str, str]) -> object:
    value = environ.get(setting.variable, setting.default)
    try:
        return setting.parse(value)
    except ValueError as error:
        shown = "its value" if setting.is_secret else repr(value)
        raise ConfigurationError(setting.variable, f"{shown} is {error}", setting.fix) from error


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
