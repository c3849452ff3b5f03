"""The password of a locked PDF, read where no list of processes and no history of a shell shows it."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from bifolio.cli.errors import FileUnreadable, PasswordMissing

AskPassword = Annotated[
    bool,
    typer.Option("--password", help="Ask for the password of a locked PDF, or read it from standard input."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Take the password of a locked PDF from the first line of a file.",
    ),
]


def read_password(*, ask: bool, file: Path | None) -> str:
    """Return the password that the options name, or nothing. Raises PasswordMissing, FileUnreadable."""
    if ask and file is not None:
        raise typer.BadParameter("--password and --password-file do not go together.")
    if file is None and not ask:
        return ""
    line = _typed() if file is None else _first_line(file)
    password = line.rstrip("\r\n")
    if not password or not password.isprintable():
        raise PasswordMissing
    return password


def _typed() -> str:
    return getpass.getpass("Password of the PDF: ") if sys.stdin.isatty() else sys.stdin.readline()


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline()
    except OSError as error:
        raise FileUnreadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(path, "it is not UTF-8 text") from error
