"""Gives an engine its document, reads its frames, and ends it. Must not import PDFium or Pillow.

The kernel ends an engine when the *thread* that started it ends, not only the process: an engine
that is started here belongs to the thread that does so, which must live as long as the conversion.
"""

import contextlib
import os
import select
import time
from typing import NamedTuple

from bifolio.conversion.context import EngineContext
from bifolio.conversion.frames import HEADER, FrameKind, MalformedHeader, unpack_header
from bifolio.conversion.preparation import Role
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.sandbox_policy import prepare
from bifolio.conversion.started_engine import PIPE_BYTES, StartedEngine
from bifolio.kernel.errors import BifolioError

_KEPT_STDERR_BYTES = 4096


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
    """One child process at work. Use it as a context manager: leaving ends the whole process group."""

    def __init__(self, document: int, context: EngineContext, started: StartedEngine | None = None) -> None:
        """Hand the open file descriptor ``document``, which stays the caller's, to an engine.

        ``started`` has none yet; where it is missing, or has died meanwhile, a new one is started. One
        that does not take the document shows as EngineDied at the first frame.
        """
        self._engine = _hand_over(document, context, started)
        self._has_ended = False
        self._kept_errors = b""
        self._poll = select.poll()
        for descriptor in (self._engine.output, self._engine.errors):
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)

    def __enter__(self) -> "EngineChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def diagnostic(self) -> str:
        """The end of what the engine wrote to its standard error, for logs."""
        return self._kept_errors.decode(errors="replace").strip()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._engine.pid

    def read_frame(self, timeout_s: float) -> Frame:
        """The next frame. Raises EngineDied, or EngineTooSlow after ``timeout_s`` seconds."""
        deadline = time.monotonic() + timeout_s
        try:
            kind, metadata_bytes, payload_bytes = unpack_header(self._read(HEADER.size, deadline))
        except MalformedHeader:
            raise EngineDied from None
        metadata = bytes(self._read(metadata_bytes, deadline))
        return Frame(kind, metadata, memoryview(self._read(payload_bytes, deadline)))

    def kill(self) -> None:
        """End the process, from any thread; whoever reads from it gets EngineDied."""
        self._engine.kill()

    def close(self) -> None:
        """End the process group and keep its last words; once is enough."""
        if self._has_ended:
            return
        self._has_ended = True
        self._engine.end()
        self._drain_errors()
        self._engine.close_streams()

    def _read(self, size_bytes: int, deadline: float) -> bytearray:
        buffer = bytearray(size_bytes)
        rest = memoryview(buffer)
        while rest:
            self._wait(deadline)
            try:
                taken = os.readv(self._engine.output, [rest])
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
            if any(descriptor == self._engine.errors for descriptor, _ in ready):
                self._drain_errors()
            if any(descriptor == self._engine.output for descriptor, _ in ready):
                return

    def _drain_errors(self) -> None:
        """Take what is on standard error, a little at a time, and keep only its end."""
        with contextlib.suppress(BlockingIOError, ValueError):
            content = os.read(self._engine.errors, PIPE_BYTES)
            if not content:
                with contextlib.suppress(KeyError):
                    self._poll.unregister(self._engine.errors)
            self._kept_errors = (self._kept_errors + content)[-_KEPT_STDERR_BYTES:]


def _hand_over(document: int, context: EngineContext, started: StartedEngine | None) -> StartedEngine:
    """The engine that has been given the document."""
    if started is not None:
        try:
            started.hand_over(document, context)
        except OSError:
            started.discard()
        else:
            return started
    engine = StartedEngine(prepare(roles_for(context)))
    with contextlib.suppress(OSError):
        engine.hand_over(document, context)
    return engine


def roles_for(context: EngineContext) -> tuple[Role, ...]:
    """What an engine must be able to do for this context, and no more: that makes its start shorter."""
    if context.kind != FileKind.PDF:
        return (Role.PICTURE,)
    return (Role.COUNT,) if context.mode == "count" else (Role.PDF,)
