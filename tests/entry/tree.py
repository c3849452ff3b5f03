"""A running process tree of Bifolio, and what can be asked of it from outside."""

import http.client
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.live_database import Installation
from tests.waiting import wait_until


@dataclass(frozen=True)
class Tree:
    installation: Installation
    supervisor: subprocess.Popen[bytes]
    port: int

    def get(self, path: str, host: str = "localhost") -> tuple[int, bytes]:
        """Ask for a page. Return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def is_healthy(self) -> bool:
        """Whether /health says 200."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/health")[0] == 200
        return False

    def children(self, module: str = "bifolio") -> list[int]:
        """Return the living processes below the supervisor that run this module."""
        return [pid for pid in descendants(self.supervisor.pid) if module in command_line(pid)]

    def log(self) -> str:
        """Return what the tree has said."""
        return (self.installation.data / "log").read_text()


@contextmanager
def running_tree(installation: Installation, *arguments: str, port: int = 0) -> Iterator[Tree]:
    """Run ``bifolio serve`` until it is healthy; ends it in the end."""
    with (installation.data / "log").open("ab") as log:
        supervisor = installation.start(
            "bifolio.entry.process_tree", "--port", str(port), *arguments, stderr=log, stdout=log
        )
    try:
        port_file = installation.data / "run" / "port"
        wait_until(lambda: supervisor.poll() is not None or port_file.exists())
        assert supervisor.poll() is None, (installation.data / "log").read_text()
        tree = Tree(installation, supervisor, int(port_file.read_text()))
        wait_until(tree.is_healthy, timeout_s=60)
        yield tree
    finally:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(40)


def descendants(pid: int) -> list[int]:
    """Return the living processes below a process."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents.setdefault(int(parent), []).append(int(stat.parent.name))
    found, left = [], [pid]
    while left:
        below = parents.get(left.pop(), [])
        found += below
        left += below
    return found


def command_line(pid: int) -> str:
    """Return how a process was started, empty when it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def is_free(port: int) -> bool:
    """Whether somebody could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
