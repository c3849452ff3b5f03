"""A collector in a process of its own, and a reader who sends it beacons over one connection."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse

from tests.counting import beacon, make_token
from tests.live_database import Installation
from tests.serving import free_port
from tests.waiting import wait_until


@dataclass
class CollectorProcess:
    """A server process that can be killed and started again on the same port."""

    installation: Installation
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    readers: "list[Reader]" = field(default_factory=list)

    def reader(self) -> "Reader":
        """Return a reader who has just opened the player; closed with the collector."""
        self.readers.append(Reader(self.port))
        return self.readers[-1]

    def start(self) -> None:
        self.process = self.installation.start("tests.collector.collector_main", str(self.port))
        wait_until(self._accepts)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _accepts(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


@contextmanager
def running_collector(installation: Installation) -> Iterator[CollectorProcess]:
    """Run a collector until the block ends."""
    collector = CollectorProcess(installation)
    collector.start()
    try:
        yield collector
    finally:
        for reader in collector.readers:
            reader.close()
        assert collector.process is not None
        collector.process.terminate()
        collector.process.wait(30)


class Reader:
    """One visit that goes on reading; knows what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.token = make_token()
        self.seq = 0
        self.acknowledged_seq = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def read_on(self) -> int:
        """Say one second and one page turn more than before; return the answer's status, 0 for none."""
        self.seq += 1
        return self.repeat()

    def repeat(self) -> int:
        """Send the newest state again."""
        pages: list[list[float]] = [[1, self.seq * 0.5, 1, 0], [2, self.seq, 1, self.seq]]
        body = beacon(self.token, self.seq, self.seq, self.seq, pages)
        try:
            status = self.post(body).status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0
        if status == 204:
            self.acknowledged_seq = self.seq
        return status

    def post(self, body: bytes, method: str = "POST") -> HTTPResponse:
        """Send any body and return the answer, read to its end."""
        self._connection.request(method, "/reading", body, {"Content-Type": "text/plain;charset=UTF-8"})
        answer = self._connection.getresponse()
        answer.read()
        return answer

    def close(self) -> None:
        self._connection.close()
