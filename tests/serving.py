"""A whole Bifolio as its operator runs it: `bifolio serve` in a process tree of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_DEADLINE_S = 60
BIFOLIO = Path(sys.executable).with_name("bifolio")


@dataclass(frozen=True)
class Server:
    """A running Bifolio: its address, its data folder, its environment, its supervisor."""

    url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def cli(self, *arguments: str, stdin: str = "") -> str:
        """Run a ``bifolio`` command on the server's data and return what it answers."""
        done = subprocess.run(
            [BIFOLIO, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"bifolio {arguments} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    def new_key(self) -> dict[str, str]:
        """Make an API key: ``apiKey``, ``secret``, ``account``."""
        pair: dict[str, str] = json.loads(self.cli("key", "create", "--json"))
        return pair

    def log(self) -> str:
        """Return what the server has logged so far."""
        return (self.data.parent / "server.log").read_text("utf-8", "replace")


@contextmanager
def serving(folder: Path, workers: int = 1, /, **settings: str) -> Iterator[Server]:
    """Run Bifolio on a free port with its data below ``folder``; ends it by SIGTERM."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BIFOLIO_")}
    environment |= {"BIFOLIO_DATA": str(folder / "data")}
    environment |= {f"BIFOLIO_{name}": value for name, value in settings.items()}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [BIFOLIO, "serve", "--port", str(port), "--workers", str(workers)],
            env=environment,
            stderr=log,
            stdout=log,
        )
    server = Server(f"http://127.0.0.1:{port}", folder / "data", environment, process)
    try:
        wait_until(lambda: _answers(server), START_DEADLINE_S, lambda: f"no health:\n{server.log()}")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def wait_until(holds: Callable[[], bool], deadline_s: float, complaint: Callable[[], str]) -> None:
    """Wait until a condition holds; fail with ``complaint`` when it does not in time."""
    end = time.monotonic() + deadline_s
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(complaint())
        time.sleep(0.05)


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(server: Server) -> bool:
    assert server.process.poll() is None, f"bifolio serve ended:\n{server.log()}"
    try:
        with urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
