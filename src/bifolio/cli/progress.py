"""Progress bars on standard error; none where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

Show = Callable[[int, int | None], None]
"""Told what is done, and what there is in all as far as it is known."""


@contextmanager
def pages_bar(title: str) -> Iterator[Show]:
    """Show pages."""
    with _bar(title, MofNCompleteColumn(), TextColumn("pages")) as show:
        yield show


@contextmanager
def bytes_bar(title: str) -> Iterator[Show]:
    """Show bytes in readable units."""
    with _bar(title, DownloadColumn()) as show:
        yield show


@contextmanager
def _bar(title: str, *counts: ProgressColumn) -> Iterator[Show]:
    columns = (TextColumn(title), BarColumn(), *counts, TimeElapsedColumn())
    is_watched = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_watched) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
