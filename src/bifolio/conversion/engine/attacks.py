"""What a taken-over engine would try, each attempt as a function. The sandbox must stop every one.

An attempt returns when it got through, and raises what stopped it; some are ended by the kernel.
Everything they use is imported up here: a module that cannot be loaded would look like a stopped attempt.
"""

import ctypes
import errno
import mmap
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bifolio.conversion.engine.sandbox import kernel

_PTRACE_SEIZE = 0x4206
"""Unlike the older way of attaching it stops nobody, and it ends with the tracer."""
_MORE_MEMORY_THAN_ALLOWED = 3 << 30
_A_READABLE_FILE = "/etc/passwd"
_PROGRAM = "/bin/true"
_STOPPED = frozenset({errno.EPERM, errno.EACCES, errno.ENETUNREACH, errno.EAGAIN, errno.ENOMEM, errno.EFBIG})


class Targets(NamedTuple):
    """What the attempts are aimed at: all of it is within reach of a process that nothing holds back.

    ``folder`` may be written by everybody, ``secret`` read by its owner only; ``victim_pid`` is a
    process of the same user as the service.
    """

    folder: str
    secret: str
    tcp_port: int
    udp_port: int
    unix_socket: str
    victim_pid: int


def read_secret(targets: Targets) -> None:
    """Read a file that only the service's user may read."""
    Path(targets.secret).read_bytes()


def read_public_file(_targets: Targets) -> None:
    """Read a file that everybody may read."""
    Path(_A_READABLE_FILE).read_bytes()


def list_root(_targets: Targets) -> None:
    """See what the machine has."""
    os.listdir("/")  # noqa: PTH208


def write_file(targets: Targets) -> None:
    """Leave something behind where everybody may write."""
    (Path(targets.folder) / "left-behind").write_bytes(b"x")


def connect_tcp(targets: Targets) -> None:
    """Reach a service of this machine, as a database is one."""
    with socket.socket() as connection:
        connection.settimeout(1)
        connection.connect(("127.0.0.1", targets.tcp_port))


def send_udp(targets: Targets) -> None:
    """Carry something out by a datagram, as a question for a name does."""
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", targets.udp_port))


def connect_unix(targets: Targets) -> None:
    """Reach a service by its socket in the file system."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(targets.unix_socket)


def execute(_targets: Targets) -> None:
    """Become another program, which says by its exit code 0 that it ran."""
    os.execv(_PROGRAM, [_PROGRAM])  # noqa: S606


def fork(_targets: Targets) -> None:
    """Become many."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)


def trace(targets: Targets) -> None:
    """Take another process over."""
    number = {"x86_64": 101, "aarch64": 117}[kernel.MACHINE]
    kernel.system_call(number, _PTRACE_SEIZE, targets.victim_pid, 0, 0)


def signal_process(targets: Targets) -> None:
    """Disturb another process, here by a signal that does nothing."""
    os.kill(targets.victim_pid, signal.SIGURG)


def read_environment(targets: Targets) -> None:
    """Read another process's settings, passwords among them."""
    Path(f"/proc/{targets.victim_pid}/environ").read_bytes()


def take_memory(_targets: Targets) -> None:
    """Take more memory than a document may cost."""
    mmap.mmap(-1, _MORE_MEMORY_THAN_ALLOWED).close()


def run_own_code(_targets: Targets) -> None:
    """Make memory of one's own writing executable."""
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def spin(_targets: Targets) -> None:
    """Never end."""
    while True:
        ctypes.get_errno()


Attack = Callable[[Targets], None]
ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        read_secret,
        read_public_file,
        list_root,
        write_file,
        connect_tcp,
        send_udp,
        connect_unix,
        execute,
        fork,
        trace,
        signal_process,
        read_environment,
        take_memory,
    )
}
"""Quick enough for every start."""
SLOW_ATTACKS: dict[str, Attack] = {"run_own_code": run_own_code, "spin": spin}


def is_stopped_by(error: Exception) -> bool:
    """Whether an error means that the system refused an attempt, and not that the attempt was bad."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _STOPPED)
