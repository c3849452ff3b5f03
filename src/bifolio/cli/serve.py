"""`bifolio serve`, `web` and `worker`: hand this process over to the part that does it.

The parts are named, not imported: entry stands above the command line. The process is replaced, so
that signals, exit code and standard error are the part's own.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from bifolio.cli.options import whole_number
from bifolio.infra.configuration import DEFAULT_PORT

_Host = Annotated[
    str, typer.Option("--host", help="Address to listen on; 0.0.0.0 for all. Put TLS in front of it.")
]
_Port = Annotated[
    int,
    typer.Option(
        "--port", parser=whole_number(0, 65535), metavar="PORT", help="Port to listen on; 0 takes a free one."
    ),
]


def serve(
    *,
    host: _Host = "127.0.0.1",
    port: _Port = DEFAULT_PORT,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            parser=whole_number(1),
            metavar="N",
            help="Processes that convert (default: one a processor).",
        ),
    ] = None,
    web_processes: Annotated[
        int,
        typer.Option(
            "--web-processes", parser=whole_number(1), metavar="N", help="Processes that answer requests."
        ),
    ] = 1,
) -> None:
    """Run Bifolio: migrate, answer requests, count readers and convert, until Ctrl-C or SIGTERM.

    SIGTERM lets requests end for 30 s at most and gives running conversions back to the queue.
    """
    counts = ["--workers", str(workers or os.cpu_count() or 1), "--web-processes", str(web_processes)]
    _become("bifolio.entry.process_tree", "--host", host, "--port", str(port), *counts)


def web(*, host: _Host = "127.0.0.1", port: _Port = DEFAULT_PORT) -> None:
    """Run one web process only: requests and beacons. Conversions need `bifolio worker` beside it."""
    _become("bifolio.entry.web_process", "--host", host, "--port", str(port))


def worker() -> None:
    """Run one conversion worker only, on this machine or another one that shares database and files."""
    _become("bifolio.entry.worker_process")


def _become(module: str, *arguments: str) -> NoReturn:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606  no shell wanted
