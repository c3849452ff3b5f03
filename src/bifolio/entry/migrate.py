"""Bring the database up to date, one process at a time: ``python -m bifolio.entry.migrate``."""

import sys

from bifolio.entry.start_errors import report
from bifolio.kernel.errors import BifolioError


def main() -> int:
    """Migrate. Return the exit code; what went wrong stands on standard error in one line."""
    from django.db import DatabaseError, InterfaceError

    from bifolio.cli.installation import open_installation

    try:
        open_installation()
    except (BifolioError, DatabaseError, InterfaceError) as error:
        return report(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
