"""Answers with a file: ranges, ETag, HEAD, in pieces. No read ever happens on the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import IO, BinaryIO, TypeVar

from bifolio.entry.answers import NOSNIFF, Headers
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.ranges import Part, wanted_part

# What a slow client can hold in memory; most page files fit and need one read.
PIECE_BYTES = 128 * 1024
T = TypeVar("T")
_readers = ThreadPoolExecutor(8, thread_name_prefix="files")


@dataclass(frozen=True, slots=True)
class ServedFile:
    """A file that can be read from anywhere. ``etag`` is quoted; ``headers`` go out with it."""

    size_bytes: int
    etag: bytes
    headers: Headers
    open_at: Callable[[int, int], BinaryIO]


async def answer_file(
    scope: Scope, receive: Receive, send: Send, find: Callable[[], ServedFile | None]
) -> bool:
    """Answer with the file that ``find`` returns; False, nothing sent, when there is none.

    ``find`` may block: it runs in a thread, together with the first read.
    """
    is_head = scope["method"] == "HEAD"
    begun = await _in_thread(lambda: _begin(scope, find, is_head=is_head))
    if begun is None:
        return False
    file, part, piece, opened = begun
    try:
        await send(_start(file, part))
        left = 0 if is_head else part.length - len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        if left and opened is not None:
            await send_pieces(opened, left, receive, send)
    finally:
        if opened is not None:
            opened.close()
    return True


def _begin(
    scope: Scope, find: Callable[[], ServedFile | None], *, is_head: bool
) -> tuple[ServedFile, Part, bytes, BinaryIO | None] | None:
    file = find()
    if file is None:
        return None
    part = wanted_part(scope, file.size_bytes, file.etag)
    if is_head or part.length == 0:
        return file, part, b"", None
    opened = file.open_at(part.start, part.length)
    piece = opened.read(min(PIECE_BYTES, part.length))
    if len(piece) == part.length:
        opened.close()
        return file, part, piece, None
    return file, part, piece, opened


def _start(file: ServedFile, part: Part) -> dict[str, object]:
    headers = [*file.headers, (b"etag", file.etag), (b"accept-ranges", b"bytes"), NOSNIFF]
    if part.status == 206:
        last = part.start + part.length - 1
        headers.append((b"content-range", b"bytes %d-%d/%d" % (part.start, last, file.size_bytes)))
    elif part.status == 416:
        headers.append((b"content-range", b"bytes */%d" % file.size_bytes))
    if part.status != 304:
        headers.append((b"content-length", str(part.length).encode()))
    return {"type": "http.response.start", "status": part.status, "headers": headers}


async def send_pieces(opened: IO[bytes], left: int, receive: Receive, send: Send) -> None:
    """Send the next ``left`` bytes of an open file as the rest of a body, until the client goes."""
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        while left and not gone.done():
            piece = await _in_thread(partial(opened.read, min(PIECE_BYTES, left)))
            if not piece:
                raise EOFError("the file ended before its length")
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_readers, work)
