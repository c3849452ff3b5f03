"""`bifolio restore`: an archive becomes an installation again, once all of it has been checked."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bifolio.cli.archive import databases
from bifolio.cli.archive.contents import DATABASES, FILES, SECRET_KEY, Description, print_of_secret_key
from bifolio.cli.archive.unpacking import ArchiveReader
from bifolio.cli.console import note, say
from bifolio.cli.errors import ArchiveInvalid, FolderNotEmpty, OtherDatabase, OtherSecretKey, ServerIsRunning
from bifolio.cli.files import open_file
from bifolio.cli.progress import bytes_bar
from bifolio.infra.configuration import Configuration, load_configuration
from bifolio.infra.file_locks import exclusive_lock, is_locked

_STAGING = ".restoring"
_ASIDE = "before-restore-"


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="An archive of `bifolio backup`.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Move aside what is in BIFOLIO_DATA, and replace the database.")
    ] = False,
) -> None:
    """Restore an archive into an empty data folder, and check every file of it on the way.

    The server must not run. Nothing is changed unless the whole archive is good.
    """
    open_file(source).close()
    with ExitStack() as unless_good:
        unless_good.callback(
            _remove, _not_there_yet(Path(os.environ.get("BIFOLIO_DATA", "./data")).absolute())
        )
        settings = load_configuration(os.environ)
        with _no_server(settings.data), _staging(settings.data) as staging:
            _refuse_unless_empty(settings, force=force)
            description = _unpack(source, staging, settings)
            unless_good.pop_all()
            _put_in_place(staging, settings, description)
    say(f"Restored {description.files} files and the database of {description.made_at} to {settings.data}.")
    if description.missing:
        note(f"{len(description.missing)} files were missing already when the archive was made.")
    note("Next: bifolio serve")


def _not_there_yet(data: Path) -> list[Path]:
    """Return what opening the data folder would make, the innermost first."""
    made = [data / "run" / "serve.lock", data / "run", data / SECRET_KEY, data, *data.parents]
    return [path for path in made if not path.exists()]


def _remove(paths: list[Path]) -> None:
    """Remove files and empty folders; what somebody else has put there meanwhile stays."""
    for path in paths:
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _unpack(source: Path, staging: Path, settings: Configuration) -> Description:
    def approve(description: Description) -> None:
        _refuse_other_installation(description, settings)

    with bytes_bar("Restoring") as show:
        description = ArchiveReader(source).unpack(staging, approve, show)
    if description.database == "sqlite":
        problem = databases.sqlite_problem(staging / DATABASES["sqlite"])
        if problem:
            raise ArchiveInvalid(source, f"its database is damaged ({problem})")
    os.sync()
    return description


def _refuse_other_installation(description: Description, settings: Configuration) -> None:
    configured = _kind_of_database(settings)
    if description.database != configured:
        raise OtherDatabase(description.database, configured)
    is_key_set = bool(os.environ.get("BIFOLIO_SECRET_KEY"))
    if (is_key_set or not description.has_secret_key) and (
        print_of_secret_key(settings.secret_key) != description.secret_key_print
    ):
        raise OtherSecretKey


@contextmanager
def _no_server(data: Path) -> Iterator[None]:
    """Hold the lock of the process tree, so that none starts meanwhile. Raises ServerIsRunning."""
    run = data / "run"
    with exclusive_lock(run / "serve.lock", taken=ServerIsRunning(data)) as lock:
        if any(is_locked(path) for path in (run / "workers").glob("*.lock")):
            raise ServerIsRunning(data)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _refuse_unless_empty(settings: Configuration, *, force: bool) -> None:
    if force:
        return
    files = settings.data / FILES
    has_files = any(not path.name.startswith(".") for path in files.iterdir()) if files.is_dir() else False
    if has_files or not _is_database_empty(settings):
        raise FolderNotEmpty(settings.data)


def _is_database_empty(settings: Configuration) -> bool:
    if _kind_of_database(settings) == "sqlite":
        return not Path(str(_database(settings)["NAME"])).exists()
    return databases.is_empty_postgresql(_database(settings))


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    """Yield a new folder on the device of the data folder, which may be a mount itself."""
    staging = data / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _put_in_place(staging: Path, settings: Configuration, description: Description) -> None:
    database = _database(settings)
    aside = settings.data / f"{_ASIDE}{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if description.database == "postgresql":
        is_replaced = not databases.is_empty_postgresql(database)
        databases.restore_postgresql(staging / DATABASES["postgresql"], database, replace=is_replaced)
    _move_aside(settings.data, aside)
    if description.has_secret_key:
        (staging / SECRET_KEY).rename(settings.data / SECRET_KEY)
    if (staging / FILES).is_dir():
        (staging / FILES).rename(settings.data / FILES)
    if description.database == "sqlite":
        # Last, so that an interrupted restore never looks like an installation.
        _install_sqlite(staging / DATABASES["sqlite"], Path(str(database["NAME"])), aside)
    os.sync()


def _install_sqlite(copy: Path, target: Path, aside: Path) -> None:
    """Put the database where the settings name it; one that is still there lies outside the data folder."""
    for old in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        if old.exists():
            old.rename(old.with_name(f"{aside.name}-{old.name}"))
    shutil.move(copy, target)


def _move_aside(data: Path, aside: Path) -> None:
    """Move what the data folder holds into ``aside``, a folder in it; what is worth nothing goes."""
    moved = [
        path
        for path in data.iterdir()
        if path.name not in {_STAGING, "run"} and not path.name.startswith(_ASIDE)
    ]
    if not any(".sqlite3" in path.name or path.name == "files" for path in moved):
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return
    aside.mkdir(mode=0o700)
    for path in moved:
        path.rename(aside / path.name)
    note(f"What was there is now in {aside}. Delete it once it is not needed any more.")


def _kind_of_database(settings: Configuration) -> str:
    return "sqlite" if settings.database_url.startswith("sqlite:") else "postgresql"


def _database(settings: Configuration) -> "dict[str, object]":
    import dj_database_url

    return dict(dj_database_url.parse(settings.database_url))
