"""Real databases that several processes share, unlike the one that Django makes for a test run."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections

from bifolio.entry.settings import _database
from bifolio.infra.configuration import Configuration

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Installation:
    """A data folder and a migrated database."""

    data: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation needs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIFOLIO_")}
        return kept | {
            "BIFOLIO_DATA": str(self.data),
            "BIFOLIO_DATABASE_URL": self.database_url,
            "BIFOLIO_SECRET_KEY": "a secret key for the tests, and for nothing else",
            "DJANGO_SETTINGS_MODULE": "bifolio.entry.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
        """Start ``python -m …`` in it."""
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            [sys.executable, "-m", *arguments], env=self.environment, cwd=ROOT, **options
        )

    def migrate(self, *apps: str) -> None:
        """Bring the tables of these apps (all by default) up to date."""
        process = self.start("django", "migrate", "--skip-checks", "-v0", *apps)
        assert process.wait() == 0

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Make it the one that Django's ORM and ``configuration()`` mean in this process."""
        checked: Configuration = settings.BIFOLIO
        ours = connections.configure_settings({"default": _database(self.database_url)})["default"]
        theirs = connections.settings["default"]
        wrapper = connections["default"]
        connections.settings["default"] = ours
        del connections["default"]
        settings.BIFOLIO = replace(checked, data=self.data, database_url=self.database_url)
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = wrapper
            connections.settings["default"] = theirs
            settings.BIFOLIO = checked


def copy_sqlite(source: Path, target: Path) -> str:
    """Copy a database file. Return the copy's address."""
    with sqlite3.connect(source) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    original.close()
    copy.close()
    return f"sqlite:///{target}"


def create_postgres_database(server_url: str, name: str, *, template: str = "template1") -> str:
    """Make a database on the server. Return its address."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    parts = urlsplit(server_url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", "", ""))
