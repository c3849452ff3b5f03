"""A multipart body taken apart while it arrives: values as raw bytes, the file straight to the disk, once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

import structlog
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from bifolio.entry.body_sinks import WRITE_BYTES, StopReceiving, on_disk
from bifolio.infra.incoming import FIRST_BYTES, IncomingWriter, WrittenFile
from bifolio.infra.received import BodyProblem, FileProblem, ReceivedBody, ReceivedFile

MAX_PARTS = 1000
_DRAINED_BEYOND_LIMIT_BYTES = 64 * 1024 * 1024
_EXTENDED_NAME = re.compile(rb";\s*filename\*\s*=\s*utf-8'[^']*'([^;]+)", re.IGNORECASE)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What a multipart body may hold. ``has_room`` tells whether so many more bytes fit on the disk."""

    data: Path
    file_bytes: int | None
    form_bytes: int
    has_room: Callable[[int], bool]


@dataclass(slots=True)
class _Part:
    """The part under way; ``takes`` gets its content."""

    disposition: bytes = b""
    header_name: bytearray = field(default_factory=bytearray)
    header_value: bytearray = field(default_factory=bytearray)
    name: bytes = b""
    value: bytearray = field(default_factory=bytearray)
    is_file: bool = False
    is_the_file: bool = False


class _FileOnItsWay:
    """The first part named ``file``: counted to its end, written as long as it may be kept."""

    def __init__(self, limits: UploadLimits, file_name: str) -> None:
        self._limits, self._file_name = limits, file_name
        self._pending = bytearray()
        self._first_bytes = b""
        self._size_bytes = 0
        self._writer: IncomingWriter | None = None
        self._problem: FileProblem | None = None

    def feed(self, content: bytes) -> None:
        if len(self._first_bytes) < FIRST_BYTES:
            self._first_bytes += content[: FIRST_BYTES - len(self._first_bytes)]
        self._size_bytes += len(content)
        if self._limits.file_bytes is not None and self._size_bytes > self._limits.file_bytes:
            self._problem = self._problem or FileProblem.TOO_LARGE
            self._pending.clear()
        elif self._problem is None:
            self._pending += content

    async def settle(self) -> None:
        if self._problem is not None:
            await self.discard()
        elif len(self._pending) >= WRITE_BYTES:
            await self._try(self._write)

    async def finish(self) -> ReceivedFile:
        written = await self._try(self._complete) if self._problem is None else None
        if written is None:
            await self.discard()
            nowhere = self._limits.data / "incoming" / "refused.part"
            return ReceivedFile(
                nowhere, self._file_name, self._size_bytes, "", self._first_bytes, self._problem
            )
        return ReceivedFile(
            written.path, self._file_name, written.size_bytes, written.sha256, written.first_bytes
        )

    async def discard(self) -> None:
        writer, self._writer = self._writer, None
        self._pending.clear()
        if writer is not None:
            await on_disk(writer.discard)

    async def _try(self, work: Callable[[], WrittenFile | None]) -> WrittenFile | None:
        try:
            return await on_disk(work)
        except OSError as error:
            # Whatever the disk's excuse: the file is not kept, and the caller may try again later.
            _log.warning("upload not stored", error=str(error))
            self._problem = FileProblem.NO_ROOM
            return None

    def _write(self) -> None:
        if not self._limits.has_room(len(self._pending)):
            self._problem = FileProblem.NO_ROOM
            return
        self._writer = self._writer or IncomingWriter(self._limits.data)
        content, self._pending = bytes(self._pending), bytearray()
        self._writer.append(content)

    def _complete(self) -> WrittenFile | None:
        self._write()
        return self._writer.finish() if self._writer is not None and self._problem is None else None


class MultipartSink:
    """A whole multipart body."""

    def __init__(self, boundary: bytes, limits: UploadLimits) -> None:
        self._limits = limits
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._extend_header_name(data[start:end]),
                "on_header_value": lambda data, start, end: self._extend_header_value(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": lambda data, start, end: self._take(data[start:end]),
                "on_part_end": self._end,
                "on_end": self._complete,
            },
        )
        self._part = _Part()
        self._fields: list[tuple[bytes, bytes]] = []
        self._parts = self._form_bytes = self._size_bytes = self._file_count = 0
        self._file: _FileOnItsWay | None = None
        self._is_complete = False

    def feed(self, content: bytes) -> None:
        """Take the next bytes. Raises StopReceiving."""
        self._size_bytes += len(content)
        limit_bytes = self._limits.file_bytes
        # A somewhat too large upload is read to its end, since key and signature may follow the file.
        if limit_bytes is not None and self._size_bytes > 2 * limit_bytes + _DRAINED_BEYOND_LIMIT_BYTES:
            raise StopReceiving(BodyProblem.TOO_LARGE, f"the file is larger than {limit_bytes} bytes")
        try:
            self._parser.write(content)
        except FormParserError as error:
            raise _unreadable(f"the multipart body is malformed: {error}") from error

    async def settle(self) -> None:
        """Bring the file's pending bytes to the disk when they have become many."""
        if self._file is not None:
            await self._file.settle()

    async def finish(self) -> ReceivedBody:
        """Return fields and file. Raises StopReceiving when the last boundary is missing."""
        if not self._is_complete:
            raise _unreadable("the multipart body ends before its last boundary")
        received = await self._file.finish() if self._file is not None else None
        return ReceivedBody(tuple(self._fields), file=received, file_count=self._file_count)

    async def discard(self) -> None:
        """Remove the file unless somebody has moved it away."""
        if self._file is not None:
            await self._file.discard()

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _unreadable(f"the multipart body has more than {MAX_PARTS} parts")

    def _extend_header_name(self, content: bytes) -> None:
        self._part.header_name += content

    def _extend_header_value(self, content: bytes) -> None:
        self._part.header_value += content

    def _end_header(self) -> None:
        part = self._part
        if part.header_name.lower() == b"content-disposition":
            part.disposition = bytes(part.header_value)
        part.header_name.clear()
        part.header_value.clear()

    def _end_headers(self) -> None:
        part = self._part
        _, options = parse_options_header(part.disposition)
        if not options.get(b"name"):
            raise _unreadable("a part of the multipart body has no name")
        part.name = options[b"name"]
        extended = _EXTENDED_NAME.search(part.disposition)
        part.is_file = b"filename" in options or extended is not None or part.name == b"file"
        if not part.is_file:
            return
        self._file_count += 1
        if part.name == b"file" and self._file is None:
            part.is_the_file = True
            name = unquote_to_bytes(extended[1].strip()) if extended else options.get(b"filename", b"")
            self._file = _FileOnItsWay(self._limits, _plain_name(name))

    def _take(self, content: bytes) -> None:
        if self._part.is_the_file and self._file is not None:
            self._file.feed(content)
        elif not self._part.is_file:
            self._count_form(len(content))
            self._part.value += content

    def _end(self) -> None:
        if not self._part.is_file:
            self._count_form(len(self._part.name))
            self._fields.append((self._part.name, bytes(self._part.value)))

    def _count_form(self, size_bytes: int) -> None:
        self._form_bytes += size_bytes
        if self._form_bytes > self._limits.form_bytes:
            raise _unreadable(f"the parameters are longer than {self._limits.form_bytes} bytes")

    def _complete(self) -> None:
        self._is_complete = True


def _plain_name(name: bytes) -> str:
    text = re.sub(r"[\x00-\x1f\x7f]", "", name.decode("utf-8", "replace"))
    return re.split(r"[/\\]", text)[-1][:255]


def _unreadable(detail: str) -> StopReceiving:
    return StopReceiving(BodyProblem.UNREADABLE, detail)
