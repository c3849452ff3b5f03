"""Starts a child process that waits for one document, and hands it over. Must not import PDFium or Pillow."""

import array
import contextlib
import os
import signal
import socket
import subprocess
import sys

from bifolio.conversion.context import EngineContext
from bifolio.conversion.engine_command import engine_command, engine_environment
from bifolio.conversion.preparation import Preparation
from bifolio.conversion.sandbox_report import demand_sandbox

PIPE_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031
_ENGINE = "bifolio.conversion.engine.__main__"


class StartedEngine:
    """A child process without a document. It loads its libraries, locks itself up and waits.

    ``output`` and ``errors`` are its standard output and error. When this process ends, by whatever
    means, its end of the socket closes and the child ends too.
    """

    def __init__(self, preparation: Preparation) -> None:
        """Start it. Raises SandboxTooWeak, or OSError when the machine has no process left."""
        demand_sandbox()
        self._door, inner_door = socket.socketpair()
        with inner_door, contextlib.ExitStack() as unless_started:
            unless_started.callback(self._door.close)
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                engine_command(_ENGINE, preparation.to_json()),
                stdin=inner_door.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd="/",
                env=engine_environment(),
                process_group=0,
            )
            unless_started.pop_all()
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.output = self._process.stdout.fileno()
        self.errors = self._process.stderr.fileno()
        _widen(self.output)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Return when the process has ended, by itself or by somebody else."""
        self._process.wait()

    def hand_over(self, document: int, context: EngineContext) -> None:
        """Give it its one document, an open descriptor that stays the caller's.

        Raises OSError when it is gone, or does not take it within the time of a page.
        """
        with self._door as door:
            door.settimeout(context.page_timeout_s)
            message = context.to_json().encode()
            rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [document]))
            sent = door.sendmsg([message], [rights])
            door.sendall(message[sent:])

    def kill(self) -> None:
        """End the process, unless it has ended: its id may be somebody else's by then."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process group and take leave of it, so that no zombie stays; once is enough."""
        self._door.close()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()

    def discard(self) -> None:
        """End it unused, and forget what it said."""
        self.end()
        self.close_streams()

    def close_streams(self) -> None:
        """Close our ends of its output and errors."""
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def _widen(descriptor: int) -> None:
    """Let the engine draw the next page while we handle one. Systems may refuse: then it waits."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, _F_SETPIPE_SZ, PIPE_BYTES)
