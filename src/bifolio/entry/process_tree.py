"""`bifolio serve`: migrate, listen, and keep web and worker processes running as one tree. No Django here.

Started as ``python -m bifolio.entry.process_tree``.
"""

import argparse
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bifolio.conversion.sandbox_report import demand_sandbox
from bifolio.entry.listening import address_of, listen, noted_port
from bifolio.entry.metrics_folder import shared_metrics
from bifolio.entry.start_errors import INTERRUPTED, AlreadyServing, MigrationFailed, report
from bifolio.entry.supervisor import ChildSpec, Supervisor
from bifolio.infra.configuration import DEFAULT_PORT, load_configuration
from bifolio.infra.logs import configure_logging
from bifolio.infra.private_folders import make_private_folder
from bifolio.kernel.errors import BifolioError
from bifolio.publishing.sandbox import adopt_sandbox_settings

DRAIN_S = 30.0


def serve(host: str, port: int, *, workers: int, web_processes: int) -> None:
    """Run the whole tree until SIGTERM or SIGINT, then drain for 30 s at most.

    Raises ConfigurationError, SandboxTooWeak, AlreadyServing, MigrationFailed, PortTaken, CannotListen.
    """
    checked = load_configuration(os.environ)
    configure_logging(checked.log_format)
    adopt_sandbox_settings(checked)
    demand_sandbox()
    with ExitStack() as stack:
        stack.enter_context(_only_tree(checked.data))
        listener = stack.enter_context(listen(host, port))
        stack.enter_context(noted_port(checked.data, listener.getsockname()[1]))
        migrate()
        stack.enter_context(shared_metrics())
        Supervisor(_children(listener, workers, web_processes), drain_s=DRAIN_S).run(listener.close)


def migrate() -> None:
    """Bring the database up to date in a process of its own. Raises MigrationFailed."""
    # In a session of its own: a Ctrl-C on the terminal reaches this process, which ends that one.
    done = subprocess.run(
        [sys.executable, "-m", "bifolio.entry.migrate"], check=False, start_new_session=True
    )
    if done.returncode:
        raise MigrationFailed


def _children(listener: socket.socket, workers: int, web_processes: int) -> list[ChildSpec]:
    descriptor, address = listener.fileno(), address_of(listener)
    web = [
        ChildSpec(
            f"web {number + 1}",
            "bifolio.entry.web_process",
            # Only the first tells when it answers; one line is enough.
            ("--socket", str(descriptor), *(("--announce", address) if number == 0 else ())),
            (descriptor,),
        )
        for number in range(web_processes)
    ]
    return web + [
        ChildSpec(f"worker {number + 1}", "bifolio.entry.worker_process", ()) for number in range(workers)
    ]


@contextmanager
def _only_tree(data: Path) -> Iterator[None]:
    """Hold the data folder's lock, which the kernel drops however this process ends."""
    path = data / "run" / "serve.lock"
    make_private_folder(path.parent)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise AlreadyServing(data, lock.read().strip()) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def positive(text: str) -> int:
    """Parse a number of processes."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def main() -> int:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="bifolio serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--workers", type=positive, default=os.cpu_count() or 1)
    parser.add_argument("--web-processes", type=positive, default=1)
    given = parser.parse_args()
    try:
        serve(given.host, given.port, workers=given.workers, web_processes=given.web_processes)
    except BifolioError as error:
        return report(error)
    except KeyboardInterrupt:
        # Before the tree stands and after it is gone; in between the supervisor drains.
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
