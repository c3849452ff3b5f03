"""`bifolio backup`: the whole installation in one archive, while it goes on."""

import importlib.metadata
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bifolio.cli.archive.contents import FORMAT, SECRET_KEY, Description, print_of_secret_key
from bifolio.cli.archive.packing import pack
from bifolio.cli.archive.snapshot import Snapshot, snapshot
from bifolio.cli.console import note, say
from bifolio.cli.errors import BackupIncomplete, FileExists, FolderMissing, NotAFile
from bifolio.cli.installation import is_database_new, migrate_if_behind, open_installation
from bifolio.cli.progress import bytes_bar
from bifolio.infra.configuration import Configuration


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="The archive: .tar, or .tar.gz to compress it.")
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write database, files and secret key into one archive, without stopping the server.

    The archive holds the state of one instant. Keep it safe: whoever has it, has everything.
    """
    if target.exists() and not target.is_file():
        # Root could replace a device by the archive.
        raise NotAFile(target)
    if target.exists() and not force:
        raise FileExists(target)
    if not target.parent.is_dir():
        raise FolderMissing(target.parent)
    # A backup before an upgrade must not be the upgrade.
    settings = open_installation(migrate=False)
    if is_database_new():
        migrate_if_behind()
    secret_key = _kept_secret_key(settings)
    with snapshot(settings.data) as taken:
        _pack(target, taken, settings, secret_key)
    note(_about_the_key(secret_key))
    if taken.missing:
        raise BackupIncomplete(target, taken.missing)
    say(str(target))


def _pack(target: Path, taken: Snapshot, settings: Configuration, secret_key: Path | None) -> None:
    description = _describe(taken, settings, has_secret_key=secret_key is not None)
    done_bytes = 0
    with bytes_bar("Backing up") as show:

        def report(size_bytes: int) -> None:
            nonlocal done_bytes
            done_bytes += size_bytes
            show(done_bytes, description.size_bytes)

        pack(target, taken, description, secret_key, report)


def _describe(taken: Snapshot, settings: Configuration, *, has_secret_key: bool) -> Description:
    from django.db import connection

    return Description(
        format=FORMAT,
        version=importlib.metadata.version("bifolio"),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.vendor,
        has_secret_key=has_secret_key,
        secret_key_print=print_of_secret_key(settings.secret_key),
        files=len(taken.sizes),
        size_bytes=sum(taken.sizes.values()),
        missing=taken.missing,
    )


def _kept_secret_key(settings: Configuration) -> Path | None:
    """Return the file of the secret key, or None where the environment names it."""
    return None if os.environ.get("BIFOLIO_SECRET_KEY") else settings.data / SECRET_KEY


def _about_the_key(secret_key: Path | None) -> str:
    if secret_key is None:
        return "The secret key is NOT in the archive, because BIFOLIO_SECRET_KEY names it: keep it as well."
    return "The archive holds the secret key, so only its owner may read it (mode 0600)."
