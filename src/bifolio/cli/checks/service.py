"""How the installation is set up and whether it runs: address, player, secret key, workers."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

import bifolio
from bifolio.cli.checks.finding import Finding
from bifolio.infra.configuration import configuration
from bifolio.infra.file_locks import is_locked

_BUILT_PLAYER = Path("reader/static/player/assets.json")
_SHOWN = 5


def check_base_url() -> Finding:
    """Tell what readers' links begin with, and what that means for cookies."""
    base_url = configuration().base_url
    host = urlsplit(base_url).hostname or ""
    cookies = "Cookies are secure only when BIFOLIO_BASE_URL is https."
    if configuration().is_https:
        return Finding.ok("base URL", f"{base_url}, so cookies are secure")
    if _is_loopback(host):
        fix = "Set BIFOLIO_BASE_URL to the address that readers open, with https in front."
        return Finding.warning("base URL", f"{base_url}: links work on this machine only. {cookies}", fix)
    fix = "Put TLS in front (docs/operate/reverse-proxy.md), and https into BIFOLIO_BASE_URL."
    return Finding.warning("base URL", f"{base_url} is not encrypted. {cookies}", fix)


def check_player() -> Finding:
    """Look for the built player."""
    if any((Path(folder) / _BUILT_PLAYER).is_file() for folder in bifolio.__path__):
        return Finding.ok("player", "built")
    return Finding.failed("player", "not built, so no flipbook opens", "make setup")


def check_secret_key() -> Finding:
    """Look at who can read the secret key, and whether it opens the stored API secrets."""
    path = configuration().data / "secret-key"
    is_set = bool(os.environ.get("BIFOLIO_SECRET_KEY"))
    if not is_set and path.stat().st_mode & 0o077:
        return Finding.failed("secret key", f"{path} can be read by others", f"chmod 600 {path}")
    sealed_otherwise = _keys_sealed_otherwise()
    if sealed_otherwise:
        named = ", ".join(sealed_otherwise[:_SHOWN]) + (", …" if len(sealed_otherwise) > _SHOWN else "")
        detail = f"is another than the one that sealed {len(sealed_otherwise)} API secrets: {named}"
        fix = (
            "Set BIFOLIO_SECRET_KEY, or DATA/secret-key, back to the old one. Where that is lost: "
            "`bifolio key revoke` these API keys, and `bifolio key create` new ones."
        )
        return Finding.failed("secret key", detail, fix)
    return Finding.ok("secret key", "from BIFOLIO_SECRET_KEY" if is_set else f"in {path}, for its owner only")


def _keys_sealed_otherwise() -> list[str]:
    from bifolio.accounts.errors import SecretSealedOtherwise
    from bifolio.accounts.models import ApiKey
    from bifolio.accounts.queries import find_signing_key

    unreadable = []
    for key in ApiKey.objects.filter(revoked_at=None).order_by("pk"):
        try:
            find_signing_key(key.key)
        except SecretSealedOtherwise:
            unreadable.append(key.key)
    return unreadable


def check_worker() -> Finding:
    """Look for a living worker."""
    from bifolio.infra.jobs.lanes import CONVERSION
    from bifolio.infra.jobs.queries import is_any_worker_alive

    if is_any_worker_alive(CONVERSION):
        return Finding.ok("worker", "a conversion worker has given a sign of life within 15 s")
    detail = "no conversion worker has given a sign of life within 15 s"
    if is_locked(configuration().data / "run" / "serve.lock"):
        return Finding.failed("worker", detail, "Look at the server's log, and restart it.")
    return Finding.warning("worker", f"{detail}, and no server runs here", "bifolio serve")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
