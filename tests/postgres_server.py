"""A private PostgreSQL for tests: its own cluster in a temporary folder, on a free port of loopback.

``python -m tests.postgres_server COMMAND…`` runs a command with TEST_DATABASE_URL naming one.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MISSING = "no PostgreSQL server is installed (apt-get install postgresql)"
_SETTINGS = {"fsync": "off", "listen_addresses": "127.0.0.1", "max_connections": "200"}


class NoPostgres(Exception):
    """PostgreSQL cannot be run here; the text says why."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server, yield the address of its database ``postgres``, stop it. Raises NoPostgres."""
    programs = _programs()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="bifolio-postgres-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        cluster, port = folder / "cluster", _free_port()
        _run([programs / "initdb", "-D", cluster, "-U", "bifolio", "-A", "trust", "-E", "UTF8", "-N"], user)
        settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        pg_ctl: list[str | Path] = [programs / "pg_ctl", "-D", cluster, "-w", "-s"]
        _run([*pg_ctl, "-o", options, "-l", folder / "log", "start"], user)
        try:
            yield f"postgresql://bifolio@127.0.0.1:{port}/postgres"
        finally:
            _run([*pg_ctl, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise NoPostgres(_MISSING)
    return Path(found).resolve().parent


def _user() -> str | None:
    """Return whom the server must run as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres") from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str | Path], user: str | None) -> None:
    done = subprocess.run(
        command,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise NoPostgres(done.stderr.decode(errors="replace").strip())


def main() -> int:
    with postgres_server() as url:
        environment = os.environ | {"TEST_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
