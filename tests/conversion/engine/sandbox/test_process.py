"""Layers of a call or two, each put on in a process of its own and looked at from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.conversion.engine_command import engine_command, engine_environment
from bifolio.conversion.preparation import Layer, Preparation, Role
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at processes by /proc")

LOCK_UP_AND_LOOK = """
import ctypes, json, os, sys
from bifolio.conversion.engine.lockdown import lock_down
from bifolio.conversion.preparation import Layer, Preparation
GET_DUMPABLE = 3
kept, *left = [os.dup(0) for _ in range(4)]
lock_down(Preparation(0, layers=(Layer(sys.argv[1]),)), kept=(kept,))
def is_open(descriptor):
    try:
        return os.fstat(descriptor) is not None
    except OSError:
        return False
are_left = any(map(is_open, left))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({
    "kept": is_open(kept), "left": are_left, "privileges": int(status["NoNewPrivs"]),
    "traceable": ctypes.CDLL(None).prctl(GET_DUMPABLE, 0, 0, 0, 0)
}))
"""
START_AND_WAIT = """
import subprocess, sys
engine = subprocess.Popen(sys.argv[2:], stdin=int(sys.argv[1]), stdout=subprocess.DEVNULL)
print(engine.pid, flush=True)
engine.wait()
"""


def look(layer: Layer) -> dict[str, int]:
    command = [sys.executable, "-c", LOCK_UP_AND_LOOK, layer]
    done = subprocess.run(command, env=engine_environment(), stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_every_other_descriptor_is_closed() -> None:
    assert look(Layer.DESCRIPTORS) == {"kept": 1, "left": 0, "privileges": 0, "traceable": 1}


def test_no_privilege_is_gained_again() -> None:
    assert look(Layer.PRIVILEGES) == {"kept": 1, "left": 1, "privileges": 1, "traceable": 1}


def test_no_equal_may_trace_it() -> None:
    assert look(Layer.PARENT) == {"kept": 1, "left": 1, "privileges": 0, "traceable": 0}


@pytest.mark.parametrize("layers", [(Layer.USER, Layer.PARENT), tuple(Layer)])
def test_an_engine_dies_with_its_parent_and_is_opaque(layers: tuple[Layer, ...]) -> None:
    door, inner_door = socket.socketpair()
    with door, inner_door:
        uid = 61234 if os.geteuid() == 0 else -1
        # The parent's id is not known yet, and its death is what is looked at: 0 asks for no check.
        preparation = Preparation(0, (Role.COUNT,), uid, uid, layers)
        command = engine_command("bifolio.conversion.engine.__main__", preparation.to_json())
        parent = subprocess.Popen(
            [sys.executable, "-c", START_AND_WAIT, str(inner_door.fileno()), *command],
            stdout=subprocess.PIPE,
            env=engine_environment(),
            pass_fds=[inner_door.fileno()],
        )
        assert parent.stdout is not None
        with parent:
            pid = int(parent.stdout.readline())
            if os.geteuid() == 0:
                # What root owns in /proc may be looked into by no equal of the process.
                wait_until(lambda: is_waiting_as_somebody_else(pid))
                assert Path(f"/proc/{pid}/environ").stat().st_uid == 0
            else:
                wait_until(lambda: is_opaque(pid))
            parent.send_signal(signal.SIGKILL)
        # Its input is still open here, so that only the signal of its parent's death can have ended it.
        wait_until(lambda: not is_running(pid))


def is_waiting_as_somebody_else(pid: int) -> bool:
    """Whether it has put on its layers and waits for a document."""
    is_somebody_else = "Uid:\t61234" in Path(f"/proc/{pid}/status").read_text()
    return is_somebody_else and Path(f"/proc/{pid}/syscall").read_text().startswith(("47 ", "212 "))


def is_opaque(pid: int) -> bool:
    try:
        Path(f"/proc/{pid}/cwd").readlink()
    except PermissionError:
        return True
    return False
