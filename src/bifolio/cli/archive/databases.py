"""Consistent copies of the database, taken while it is written to, and put back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bifolio.cli.archive.contents import DATABASES, Query
from bifolio.cli.errors import ProgramFailed, ProgramMissing

_LIBPQ_VARIABLES = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}

# Their signs of life are true of the original only: a copy would take them for its own workers'.
_WORKERS = "jobs_worker"


@contextmanager
def consistent_copy(folder: Path) -> Iterator[Query]:
    """Copy the database into ``folder`` and yield what asks that same state of it.

    The copy names no workers; the jobs that they held are taken over from them after a restore.
    """
    from django.db import connection

    target = folder / DATABASES[connection.vendor]
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
        with closing(sqlite3.connect(target)) as copy:
            yield copy.execute
    else:
        with _frozen_postgresql() as (snapshot, query):
            arguments = ["--format=custom", "--compress=1", f"--snapshot={snapshot}", f"--file={target}"]
            arguments.append(f"--exclude-table-data={_WORKERS}")
            _run("pg_dump", arguments, connection.settings_dict)
            yield query


def is_empty_postgresql(settings: Mapping[str, Any]) -> bool:
    """Tell whether a PostgreSQL database has no tables yet."""
    arguments = ["--no-psqlrc", "--tuples-only", "--no-align", "--command"]
    listing = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    return _run("psql", [*arguments, listing], settings).strip() == "0"


def restore_postgresql(dump: Path, settings: Mapping[str, Any], *, replace: bool) -> None:
    """Load a dump in one transaction; with ``replace`` its tables are dropped first."""
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--dbname", str(settings["NAME"])]
    if replace:
        arguments += ["--clean", "--if-exists"]
    _run("pg_restore", [*arguments, str(dump)], settings)


def sqlite_problem(path: Path) -> str:
    """Return what is wrong with an SQLite file; empty when nothing is."""
    try:
        with closing(sqlite3.connect(path)) as database:
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if answer == "ok" else str(answer)


def _copy_sqlite(source_path: Path, target_path: Path) -> None:
    target_path.unlink(missing_ok=True)
    source = sqlite3.connect(f"{source_path.as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(target_path)) as target:
        # In one step, which in WAL mode keeps nobody from writing and never starts over.
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        with target:
            target.execute(f"DELETE FROM {_WORKERS}")  # noqa: S608  a table of ours


@contextmanager
def _frozen_postgresql() -> Iterator[tuple[str, Query]]:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()

        def query(sql: str) -> Iterable[Sequence[Any]]:
            cursor.execute(sql)
            return iter(cursor.fetchone, None)

        yield snapshot, query


def _run(program: str, arguments: Sequence[str], settings: Mapping[str, Any]) -> str:
    """Run a program of PostgreSQL. Its password goes by the environment, which others cannot list."""
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(program, "postgresql-client")
    libpq = {variable: str(settings[name]) for name, variable in _LIBPQ_VARIABLES.items() if settings[name]}
    options = {f"PG{name.upper()}": str(value) for name, value in settings.get("OPTIONS", {}).items()}
    ended = subprocess.run(  # noqa: S603  a fixed program, its arguments are ours
        [path, *arguments],
        env={**os.environ, **options, **libpq},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise ProgramFailed(program, (ended.stderr.strip().splitlines() or ["no message"])[-1])
    return ended.stdout
