"""The databases that counting is tested on."""

from tests.counting import (
    counting_postgres,
    counting_postgres_template,
    counting_sqlite_template,
    installation,
)

__all__ = ["counting_postgres", "counting_postgres_template", "counting_sqlite_template", "installation"]
