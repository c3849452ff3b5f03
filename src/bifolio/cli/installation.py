"""Open the installation that the settings name. Every command that needs the database comes through here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.cli.errors import AccountNotFound, DatabaseIsNewer
from bifolio.infra.configuration import Configuration, configuration
from bifolio.infra.file_locks import exclusive_lock

if TYPE_CHECKING:
    from structlog.typing import EventDict

    from bifolio.accounts.models import Workspace

_MIGRATION_LOCK = 0x42494649


def open_installation(*, migrate: bool = True) -> Configuration:
    """Check the settings, set Django up and bring the database up to date.

    Safe next to a running server. Raises ConfigurationError, DatabaseIsNewer.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "bifolio.entry.settings"
    import django

    _keep_logs_to_errors()
    django.setup()
    if migrate:
        migrate_if_behind()
    return configuration()


def migrate_if_behind() -> None:
    """Apply the migrations that the database lacks; of several processes one does it."""
    if not pending_migrations():
        return
    with _only_migrator(configuration().data):
        if pending_migrations():
            _migrate_in_one_transaction()


def _migrate_in_one_transaction() -> None:
    """Apply all or nothing: Django alone may commit a table before it notes the migration that made it."""
    from django.core.management import call_command
    from django.db import connection, transaction

    # SQLite's tables cannot be remade under foreign keys, and those can be let go only in between.
    let_go = connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        if let_go:
            connection.enable_constraint_checking()


def is_database_new() -> bool:
    """Tell whether no migration has been applied yet."""
    from django.db import connection

    return "django_migrations" not in connection.introspection.table_names()


def pending_migrations() -> list[str]:
    """Return the names of migrations that the database lacks. Raises DatabaseIsNewer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    unknown = [name for name in loader.applied_migrations if name not in loader.disk_migrations]
    if unknown:
        raise DatabaseIsNewer(".".join(unknown[0]))
    return sorted(".".join(name) for name in loader.disk_migrations if name not in loader.applied_migrations)


def find_workspaces(account_id: str | None) -> "list[Workspace]":
    """Return the workspace with this account id, or all, oldest first. Raises AccountNotFound."""
    from bifolio.accounts.models import Workspace

    if account_id is None:
        return list(Workspace.objects.order_by("pk"))
    found = list(Workspace.objects.filter(account_id=account_id))
    if not found:
        raise AccountNotFound(account_id)
    return found


@contextmanager
def _only_migrator(data: Path) -> Iterator[None]:
    """Hold the right to migrate: on this machine by a file, between machines by PostgreSQL."""
    from django.db import connection

    with exclusive_lock(data / "run" / "migrate.lock"):
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def _keep_logs_to_errors() -> None:
    import logging
    import sys

    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _without_traceback,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_traceback(_logger: object, _method: str, event: "EventDict") -> "EventDict":
    event.pop("exc_info", None)
    return event
