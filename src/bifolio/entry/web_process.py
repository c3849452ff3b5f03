"""One web process: uvicorn with the ASGI application. ``python -m bifolio.entry.web_process``.

As a child of the tree it gets its socket and its lifeline; alone (`bifolio web`) it listens itself.
"""

import argparse
import os
import socket
import sys
from typing import TYPE_CHECKING

from bifolio.entry.lifeline import die_with_parent

if TYPE_CHECKING:
    from bifolio.entry.asgi_types import App

KEEP_ALIVE_S = 75
DRAIN_S = 25


def run_web(listener: socket.socket, *, announce: str = "") -> None:
    """Serve on a listening socket until SIGTERM or SIGINT, then let requests end for 25 s at most.

    ``announce`` is an address to print on standard error once it answers.
    """
    import uvicorn

    from bifolio.conversion.standby import engines_standing_by
    from bifolio.entry.http_protocol import PatientHttpProtocol

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if announce:
                print(f"Bifolio listens on {announce}", file=sys.stderr, flush=True)  # noqa: T201 - for people

    application = _application()
    _allow_many_connections()
    config = uvicorn.Config(
        application,
        http=PatientHttpProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
    )
    # The pages of an upload are counted before it is answered.
    with engines_standing_by(1):
        Server(config).run(sockets=[listener])


def _application() -> "App":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bifolio.entry.settings"
    import django

    django.setup()
    from bifolio.entry.asgi import create_application
    from bifolio.infra.configuration import configuration
    from bifolio.infra.logs import configure_logging

    configure_logging(configuration().log_format)
    return create_application()


def _allow_many_connections() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _run_alone(host: str, port: int) -> None:
    from bifolio.conversion.sandbox_report import demand_sandbox
    from bifolio.entry.listening import address_of, listen, noted_port
    from bifolio.entry.process_tree import migrate
    from bifolio.infra.configuration import load_configuration
    from bifolio.publishing.sandbox import adopt_sandbox_settings

    checked = load_configuration(os.environ)
    adopt_sandbox_settings(checked)
    demand_sandbox()
    with listen(host, port) as listener, noted_port(checked.data, listener.getsockname()[1]):
        migrate()
        run_web(listener, announce=address_of(listener))


def main() -> int:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="bifolio web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--announce", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.socket is not None:
        die_with_parent(given.lifeline)
        run_web(socket.socket(fileno=given.socket), announce=given.announce)
        return 0
    from bifolio.entry.start_errors import report
    from bifolio.kernel.errors import BifolioError

    try:
        _run_alone(given.host, given.port)
    except BifolioError as error:
        return report(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
