"""Starts an engine, reads its frames against a clock, and ends it. Must not import PDFium or Pillow.

The kernel ends an engine when the *thread* that started it ends, not only the process: start and
drive a child from one thread that lives as long as the conversion.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from typing import NamedTuple

from bifolio.conversion.context import EngineContext
from bifolio.conversion.frames import HEADER, FrameKind, MalformedHeader, unpack_header
from bifolio.kernel.errors import BifolioError

_PIPE_BYTES = 1 << 20
_KEPT_STDERR_BYTES = 4096
_F_SETPIPE_SZ = 1031
# Not -m, which loads a module of its own to find ours; -P keeps the working directory out of the search.
_ENGINE = ("-S", "-P", "-c", "from bifolio.conversion.engine.__main__ import main; main()")


class EngineDied(BifolioError):
    """The engine ended, or wrote nonsense, before it was done."""


class EngineTooSlow(BifolioError):
    """The engine did not send a frame in time."""


class Frame(NamedTuple):
    """One whole frame, judged by nobody yet."""

    kind: FrameKind
    metadata: bytes
    payload: memoryview

    @property
    def size_bytes(self) -> int:
        """Bytes that the engine made us hold."""
        return len(self.metadata) + len(self.payload)


class EngineChild:
    """One child process. Use it as a context manager: leaving ends the whole process group."""

    def __init__(self, document: int, context: EngineContext) -> None:
        """Start an engine on the open file descriptor ``document``, which stays the caller's."""
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, *_ENGINE, context.to_json()],
            stdin=document,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=_environment(),
            process_group=0,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._output = self._process.stdout.fileno()
        self._errors = self._process.stderr.fileno()
        self._kept_errors = b""
        self._poll = select.poll()
        for descriptor in (self._output, self._errors):
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)
        _widen(self._output)

    def __enter__(self) -> "EngineChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def diagnostic(self) -> str:
        """The end of what the engine wrote to its standard error, for logs."""
        return self._kept_errors.decode(errors="replace").strip()

    def read_frame(self, timeout_s: float) -> Frame:
        """The next frame. Raises EngineDied, or EngineTooSlow after ``timeout_s`` seconds."""
        deadline = time.monotonic() + timeout_s
        try:
            kind, metadata_bytes, payload_bytes = unpack_header(self._read(HEADER.size, deadline))
        except MalformedHeader:
            raise EngineDied from None
        metadata = bytes(self._read(metadata_bytes, deadline))
        return Frame(kind, metadata, memoryview(self._read(payload_bytes, deadline)))

    def close(self) -> None:
        """End the process group and take leave of it, so that nothing and no zombie stays; once is enough."""
        if self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._drain_errors()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _read(self, size_bytes: int, deadline: float) -> bytearray:
        buffer = bytearray(size_bytes)
        rest = memoryview(buffer)
        while rest:
            self._wait(deadline)
            try:
                taken = os.readv(self._output, [rest])
            except BlockingIOError:
                continue
            if taken == 0:
                raise EngineDied
            rest = rest[taken:]
        return buffer

    def _wait(self, deadline: float) -> None:
        """Until there may be output to read."""
        while True:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise EngineTooSlow
            ready = self._poll.poll(left_s * 1000 + 1)
            if any(descriptor == self._errors for descriptor, _ in ready):
                self._drain_errors()
            if any(descriptor == self._output for descriptor, _ in ready):
                return

    def _drain_errors(self) -> None:
        """Take what is on standard error, a little at a time, and keep only its end."""
        with contextlib.suppress(BlockingIOError, ValueError):
            content = os.read(self._errors, _PIPE_BYTES)
            if not content:
                with contextlib.suppress(KeyError):
                    self._poll.unregister(self._errors)
            self._kept_errors = (self._kept_errors + content)[-_KEPT_STDERR_BYTES:]


def _environment() -> dict[str, str]:
    """Nothing of ours but where modules lie; and memory in large pages, kept for the next image."""
    return {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry),  # noqa: PTH100
        "PYTHONUTF8": "1",
        "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
        "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "PILLOW_BLOCKS_MAX": "8",
    }


def _widen(descriptor: int) -> None:
    """Let the engine draw the next page while we handle one. Systems may refuse: then it waits."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, _F_SETPIPE_SZ, _PIPE_BYTES)
