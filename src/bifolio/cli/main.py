"""`bifolio`: registers the sub-commands, and turns what goes wrong into one line. No Django at import."""

import importlib.metadata
import os
import sys
from typing import Annotated, NoReturn

import typer

from bifolio.cli.backup import backup
from bifolio.cli.change import change
from bifolio.cli.console import note, say
from bifolio.cli.delete import delete
from bifolio.cli.doctor import doctor
from bifolio.cli.editions import editions
from bifolio.cli.key import key_app
from bifolio.cli.list_flipbooks import list_flipbooks
from bifolio.cli.maintenance import maintenance
from bifolio.cli.publish import publish
from bifolio.cli.reconvert import reconvert
from bifolio.cli.restore import restore
from bifolio.cli.rollback import rollback
from bifolio.cli.serve import serve, web, worker
from bifolio.cli.show import show
from bifolio.cli.stats import stats
from bifolio.kernel.errors import BifolioError

FAILED, WRONG_USAGE = 1, 2

_EPILOG = (
    "Settings are environment variables (BIFOLIO_DATA, BIFOLIO_BASE_URL, …): docs/operate/settings.md. "
    "Answers go to standard output, logs and progress to standard error. "
    "Exit codes: 0 done, 1 failed, 2 wrong usage or settings."
)

app = typer.Typer(
    name="bifolio",
    help="Publish PDFs as flipbooks, on your own machine.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(web)
app.command()(worker)
app.command()(publish)
app.command("list")(list_flipbooks)
app.command()(show)
app.command()(change)
app.command()(editions)
app.command()(rollback)
app.command()(reconvert)
app.command()(delete)
app.command()(stats)
app.command()(maintenance)
app.command()(backup)
app.command()(restore)
app.command()(doctor)
app.add_typer(key_app, name="key")


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its code."""
    try:
        app()
    except BrokenPipeError:
        # Who reads standard output has had enough, as `head` does. Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as error:
        if "--traceback" in sys.argv:
            raise
        code, line = _explain(error)
        note(f"bifolio: {line}")
        sys.exit(code)
    sys.exit(0)


def _explain(error: Exception) -> tuple[int, str]:
    """Return exit code and line for what ended the command."""
    from django.db import DatabaseError, InterfaceError

    from bifolio.cli.words import words_for
    from bifolio.infra.configuration import ConfigurationError

    if isinstance(error, BifolioError):
        return (WRONG_USAGE if isinstance(error, ConfigurationError) else FAILED), words_for(error)
    if isinstance(error, DatabaseError | InterfaceError):
        first_line = str(error).strip().partition("\n")[0]
        return (
            FAILED,
            f"The database failed: {first_line}. Check it, and BIFOLIO_DATABASE_URL: bifolio doctor",
        )
    if isinstance(error, UnicodeEncodeError):
        return FAILED, "What was given is not text in UTF-8. Type or pipe it in again, in UTF-8."
    if isinstance(error, OSError) and error.strerror:
        return FAILED, f"{error.filename or 'The system'}: {error.strerror}"
    return FAILED, f"unexpected {type(error).__name__}: {error} (for a report: bifolio --traceback …)"


def _print_version(wanted: bool) -> None:  # noqa: FBT001  as Typer calls it
    if wanted:
        say(f"bifolio {importlib.metadata.version('bifolio')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
    _traceback: Annotated[
        bool, typer.Option("--traceback", help="On an error print where it came from, for a report.")
    ] = False,
) -> None:
    """Publish PDFs as flipbooks, on your own machine."""
