"""Where the bytes of a body go while they arrive. No sink ever blocks the event loop on the disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from bifolio.infra.incoming import IncomingWriter
from bifolio.infra.received import BodyProblem, ReceivedBody
from bifolio.kernel.errors import BifolioError

WRITE_BYTES = 1024 * 1024
_disk = ThreadPoolExecutor(4, thread_name_prefix="incoming")
T = TypeVar("T")


class StopReceiving(BifolioError):
    """The rest of the body is not worth waiting for: ``problem`` and ``detail`` say why."""

    def __init__(self, problem: BodyProblem, detail: str) -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail


class Sink(Protocol):
    """Takes a body as it comes."""

    def feed(self, content: bytes) -> None:
        """Take the next bytes. Raises StopReceiving."""

    async def settle(self) -> None:
        """Bring what is pending to the disk when it has become much."""

    async def finish(self) -> ReceivedBody:
        """Return what was received. Raises StopReceiving when it ends too early."""

    async def discard(self) -> None:
        """Remove every file that nobody has adopted."""


async def on_disk(work: Callable[[], T]) -> T:
    """Run blocking work on the disk in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_disk, work)


class FormSink:
    """A URL-encoded body, in memory and small."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._form = bytearray()

    def feed(self, content: bytes) -> None:
        """Take the next bytes. Raises StopReceiving."""
        self._form += content
        if len(self._form) > self._limit_bytes:
            raise StopReceiving(
                BodyProblem.UNREADABLE, f"the body is longer than {self._limit_bytes} bytes without a file"
            )

    async def settle(self) -> None:
        """Nothing goes to the disk."""

    async def finish(self) -> ReceivedBody:
        """Return the form."""
        return ReceivedBody(form=bytes(self._form))

    async def discard(self) -> None:
        """There is no file."""


class RefusingSink(FormSink):
    """A body that cannot be read, let through while it is small so that its sender hears why."""

    def __init__(self, detail: str) -> None:
        super().__init__(limit_bytes=WRITE_BYTES)
        self._detail = detail

    async def finish(self) -> ReceivedBody:
        """Nothing was received: an empty body is fine."""
        if self._form:
            raise StopReceiving(BodyProblem.UNREADABLE, self._detail)
        return ReceivedBody()


class SpoolSink:
    """Any body for any page: small ones stay in memory, larger ones go to a file."""

    IN_MEMORY_BYTES = 64 * 1024

    def __init__(self, data: Path, limit_bytes: int) -> None:
        self._data, self._limit_bytes = data, limit_bytes
        self._pending = bytearray()
        self._writer: IncomingWriter | None = None
        self.size_bytes = 0

    def feed(self, content: bytes) -> None:
        """Take the next bytes. Raises StopReceiving."""
        self.size_bytes += len(content)
        if self.size_bytes > self._limit_bytes:
            raise StopReceiving(BodyProblem.TOO_LARGE, f"the body is longer than {self._limit_bytes} bytes")
        self._pending += content

    async def settle(self) -> None:
        """Bring what is pending to the disk when it has become much."""
        threshold = self.IN_MEMORY_BYTES if self._writer is None else WRITE_BYTES
        if len(self._pending) > threshold:
            await on_disk(self._write)

    async def finish(self) -> ReceivedBody:
        """Complete the body; ``read`` gives it back."""
        if self._writer is not None:
            await on_disk(self._write)
        return ReceivedBody()

    async def read(self, offset: int, length: int) -> bytes:
        """Return a stretch of the finished body."""
        if self._writer is None:
            return bytes(self._pending[offset : offset + length])
        path = self._writer.path
        return await on_disk(lambda: _read_stretch(path, offset, length))

    async def discard(self) -> None:
        """Remove the file, if there is one."""
        if self._writer is not None:
            await on_disk(self._writer.discard)

    def _write(self) -> None:
        if self._writer is None:
            self._writer = IncomingWriter(self._data)
        content, self._pending = bytes(self._pending), bytearray()
        self._writer.append(content)


def _read_stretch(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)
