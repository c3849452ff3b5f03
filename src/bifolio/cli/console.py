"""Where words go: answers to standard output, everything else to standard error. No Django here."""

import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def say(text: str = "") -> None:
    """Write one line of the answer."""
    sys.stdout.write(printable(text) + "\n")


def note(text: str) -> None:
    """Write one line that is no part of the answer."""
    sys.stderr.write(printable(text) + "\n")


def say_json(answer: object) -> None:
    """Write the answer for a script."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str) + "\n")


def say_facts(facts: Sequence[tuple[str, object]]) -> None:
    """Write named facts below one another, their values in one column."""
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        say(f"{name:<{width}}  {value}")


def say_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table for people, or lines with tabs where a program reads them."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            say_row(row)
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(printable(str(value))) for value in row))
    Console().print(table)


def say_row(row: Sequence[object]) -> None:
    """Write one line with tabs between its values."""
    sys.stdout.write("\t".join(printable(str(value)) for value in row) + "\n")


def pages_in_words(count: int) -> str:
    """Return ``1 page``, ``2 pages`` and so on."""
    return f"{count} {'page' if count == 1 else 'pages'}"


def printable(text: str) -> str:
    """Return ``text`` without control characters: titles come from strangers, terminals obey escapes."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
