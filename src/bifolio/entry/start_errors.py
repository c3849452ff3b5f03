"""Why a server or worker did not start, and the line that says so."""

import sys
from pathlib import Path

from bifolio.infra.configuration import ConfigurationError
from bifolio.kernel.errors import BifolioError

FAILED, WRONG_SETTINGS, INTERRUPTED = 1, 2, 130


class PortTaken(BifolioError):
    """Somebody else listens there already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.host, self.port = host, port


class CannotListen(BifolioError):
    """The host is no address of this machine, or this user may not listen there: ``problem``."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(host, port, problem)
        self.host, self.port, self.problem = host, port, problem


class AlreadyServing(BifolioError):
    """Another tree serves this data folder: two would share its port file and its metrics."""

    def __init__(self, data: Path, pid: str) -> None:
        super().__init__(data, pid)
        self.data, self.pid = data, pid


class MigrationFailed(BifolioError):
    """The database could not be brought up to date; the process that tried has said why."""


_WORDS: dict[type[Exception], str] = {
    PortTaken: "Port {error.port} of {error.host} is taken by another program. Choose one with --port.",
    CannotListen: (
        "Cannot listen on {error.host}, port {error.port}: {error.problem}. "
        "Name an address of this machine with --host."
    ),
    AlreadyServing: (
        "bifolio serve runs on {error.data} already (process {error.pid}). "
        "Stop it, or name another folder with BIFOLIO_DATA."
    ),
    MigrationFailed: "Not started, because the database is not up to date.",
}


def report(error: Exception) -> int:
    """Say on standard error in one line why nothing was started. Return the exit code."""
    print(f"bifolio: {_line(error)}", file=sys.stderr)  # noqa: T201 - for people, before there is a log
    return WRONG_SETTINGS if isinstance(error, ConfigurationError) else FAILED


def _line(error: Exception) -> str:
    words = _WORDS.get(type(error))
    if words is not None:
        return words.format(error=error)
    if isinstance(error, BifolioError):
        from bifolio.cli.words import words_for

        return words_for(error)
    reason = str(error).strip().partition("\n")[0]
    return f"The database does not answer: {reason}. Check BIFOLIO_DATABASE_URL."
