"""Tries in processes locked up like engines what a taken-over engine would try, and draws a page there.

Run as a process of its own: ``main`` prints one JSON object. It forks once for each attempt, since
locks cannot be taken off again; it has one thread and no document of anybody's.
"""

import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from bifolio.conversion.context import EngineContext
from bifolio.conversion.engine.attacks import ATTACKS, SLOW_ATTACKS, Attack, Targets, is_stopped_by
from bifolio.conversion.engine.lockdown import grant_cpu, limit_to_document, lock_down
from bifolio.conversion.engine.warm_up import load, rehearse
from bifolio.conversion.preparation import LayerResult, Preparation, Role

_CONTEXT = EngineContext("convert", "pdf", 1 << 30, page_timeout_s=1, document_timeout_s=2)
_GOT_THROUGH, _STOPPED, _FAILED = 0, 10, 11
Report = dict[str, Any]


def main() -> None:
    """Print what each layer did, what became of each attempt, and whether a page can be drawn."""
    preparation = Preparation.from_json(sys.argv[1])._replace(parent_pid=os.getpid())
    attacks = ATTACKS | SLOW_ATTACKS if "--slow" in sys.argv[2:] else ATTACKS
    load((Role.PDF,))
    signal.signal(signal.SIGURG, signal.SIG_IGN)
    with _targets() as targets:
        report = _try_drawing(preparation)
        report["attacks"] = {name: _try(attack, targets, preparation) for name, attack in attacks.items()}
    sys.stdout.write(json.dumps(report))


def _try_drawing(preparation: Preparation) -> Report:
    """The layers that a fork could put on, and whether it draws behind them."""
    reading, writing = os.pipe()

    def draw() -> int:
        layers = _lock_up(preparation, kept=(writing,))
        os.write(writing, json.dumps(layers).encode())
        rehearse((Role.PDF,))
        return _GOT_THROUGH

    status = _run_forked(draw)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        layers = pipe.read()
    return {"layers": json.loads(layers or b"[]"), "draws": status == _GOT_THROUGH}


def _try(attack: Attack, targets: Targets, preparation: Preparation) -> str:
    """``through``, ``stopped``, ``killed``, or how the attempt failed for a reason of its own."""

    def attempt() -> int:
        _lock_up(preparation)
        try:
            attack(targets)
        except Exception as error:  # noqa: BLE001  whatever it is, it ended the attempt
            if is_stopped_by(error):
                return _STOPPED
            sys.stderr.write(f"{attack.__name__}: {type(error).__name__}: {error}\n")
            return _FAILED
        return _GOT_THROUGH

    status = _run_forked(attempt)
    if status < 0:
        return "killed" if -status in {signal.SIGSYS, signal.SIGXCPU} else f"ended by signal {-status}"
    return {_GOT_THROUGH: "through", _STOPPED: "stopped"}.get(status, "failed by itself")


def _lock_up(preparation: Preparation, kept: tuple[int, ...] = ()) -> tuple[LayerResult, ...]:
    layers = lock_down(preparation, kept)
    if preparation.layers:
        limit_to_document(_CONTEXT, 0)
        grant_cpu(0)
    return layers


def _run_forked(work: Callable[[], int]) -> int:
    """Do it in a fork of this process; return its exit code, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        _end_with(work)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _end_with(work: Callable[[], int]) -> NoReturn:
    code = _FAILED
    try:
        code = work()
    finally:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


@contextlib.contextmanager
def _targets() -> Iterator[Targets]:
    """Things to aim at, which a process without locks does reach."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        Path(folder).chmod(0o777)
        secret = Path(folder) / "secret"
        secret.touch(0o600)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(f"{folder}/socket")
        Path(unix.getsockname()).chmod(0o777)
        unix.listen()
        ports = tcp.getsockname()[1], udp.getsockname()[1]
        yield Targets(folder, str(secret), *ports, unix.getsockname(), os.getpid())


if __name__ == "__main__":
    main()
