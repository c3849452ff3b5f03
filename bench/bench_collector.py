"""Durable beacons a second, against a bare 204 ASGI application on the same server in the same run.

A 204 means that the beacon's commit is synced to disk. One server process (uvicorn, uvloop, httptools) and
one load process, the latter kept to the last core. The peer, "bare", reads no body and writes nothing;
"bare+body" reads it and answers with the collector's header. Two mixes: "new" (each beacon is the first of
another visit, the dearest there is) and "minute" (each visit sends its seven beacons of a minute). Besides
the rate, which depends on what else the machine does, the processor time of the server process for one
beacon is measured, and how busy the load process was: near 100 % it is what limits the rate. PostgreSQL
(with fsync) is measured where it is installed.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a secret key for measuring, and for nothing else"


MIXES = ("new", "minute")


class Sample(NamedTuple):
    """One run: 204 answers a second, the server's processor time for one, and the load's part of a core."""

    rate: float
    cpu_us: float
    load: float


async def bare(_scope: dict[str, Any], _receive: object, send: Any) -> None:  # noqa: ANN401
    """The peer: answers 204 and does nothing else."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def bare_body(_scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
    """A peer that reads the request and answers as the collector does, without looking at it."""
    while (await receive()).get("more_body"):
        pass
    headers = [(b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


PEERS = {"bare": bare, "bare+body": bare_body}


def serve(name: str, port: int) -> None:
    """Run one server process until it is told to stop."""
    import uvicorn

    from bifolio.collector.app import create_collector
    from bifolio.infra.configuration import load_configuration
    from tests.collector.collector_main import WithLifespan

    app: Any = PEERS.get(name) or WithLifespan(create_collector(load_configuration(os.environ)))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="off" if name in PEERS else "on",
    )


@contextlib.contextmanager
def running(name: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a server, and give its port and process id once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", name, "--port", str(port)]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("the server ended before it answered")


def measure(port: int, pid: int, *, connections: int, seconds: float, mix: str = "new") -> Sample:
    """Load one server for a while."""
    command = [
        sys.executable,
        str(ROOT / "bench/collector_load.py"),
        mix,
        str(port),
        str(connections),
        str(seconds),
    ]
    before = _cpu_s(pid)
    done = subprocess.run([*command, SECRET], check=True, capture_output=True, text=True)
    cpu_s = _cpu_s(pid) - before
    result = json.loads(done.stdout)
    if result["others"]:
        raise SystemExit(f"{result['others']} answers were not 204")
    rate, load = result["counted"] / result["seconds"], result["cpu_s"] / result["seconds"]
    return Sample(rate, cpu_s / result["counted"] * 1e6, load)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(databases: dict[str, str], *, connections: int, seconds: float, runs: int) -> None:
    """Alternate between the servers, so that a busy moment of the machine hits all of them."""
    with contextlib.ExitStack() as stack:
        servers = {peer: stack.enter_context(running(peer, _environment("", ""))) for peer in PEERS}
        for name, url in databases.items():
            environment = _environment(stack.enter_context(tempfile.TemporaryDirectory()), url)
            migrate = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks", "stats"]
            subprocess.run(migrate, check=True, env=environment)
            servers[name] = stack.enter_context(running(name, environment))
        rivals = [(peer, "new") for peer in PEERS] + [(name, mix) for name in databases for mix in MIXES]
        samples: dict[str, list[Sample]] = {f"{name} {mix}": [] for name, mix in rivals}
        for _ in range(runs):
            for name, mix in rivals:
                sample = measure(*servers[name], connections=connections, seconds=seconds, mix=mix)
                samples[f"{name} {mix}"].append(sample)
    print(f"{connections} connections, {runs} runs of at most {seconds:g} s: medians (lowest to highest)")
    for name, taken in samples.items():
        print(_line(name, taken, samples["bare new"]))


def _environment(data: str, database_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIFOLIO_")}
    kept |= {"BIFOLIO_DATA": data or tempfile.gettempdir(), "BIFOLIO_SECRET_KEY": SECRET}
    kept |= {"DJANGO_SETTINGS_MODULE": "bifolio.entry.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return kept | ({"BIFOLIO_DATABASE_URL": database_url} if database_url else {})


def _line(name: str, taken: list[Sample], peers: list[Sample]) -> str:
    rates = [sample.rate for sample in taken]
    cpu_us = statistics.median(sample.cpu_us for sample in taken)
    rate_ratio = statistics.median(one.rate / peer.rate for one, peer in zip(taken, peers, strict=True))
    cpu_ratio = statistics.median(one.cpu_us / peer.cpu_us for one, peer in zip(taken, peers, strict=True))
    return (
        f"{name:18}{statistics.median(rates):7.0f} beacons/s ({min(rates):.0f} to {max(rates):.0f})"
        f"  {rate_ratio:5.2f} x bare   CPU {cpu_us:5.1f} us each  {cpu_ratio:5.2f} x bare"
        f"  load {statistics.median(sample.load for sample in taken):4.0%}"
    )


@contextlib.contextmanager
def durable_postgres() -> Iterator[str | None]:
    """Give the address of a PostgreSQL that syncs its commits; None where none is installed."""
    from tests import postgres_server

    try:
        with (
            mock.patch.dict(postgres_server._SETTINGS, fsync="on"),  # noqa: SLF001
            postgres_server.postgres_server() as url,
        ):
            yield url
    except postgres_server.NoPostgres as error:
        print(f"without PostgreSQL: {error}")
        yield None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.port)
        return
    with durable_postgres() as url:
        databases = {"sqlite": ""} | ({"postgresql": url} if url else {})
        compare(databases, connections=arguments.connections, seconds=arguments.seconds, runs=arguments.runs)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
