"""A multipart body means the same however it is cut into pieces, and is never held in memory."""

import asyncio
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bifolio.entry.body_sinks import WRITE_BYTES, StopReceiving
from bifolio.entry.multipart_body import MultipartSink, UploadLimits
from bifolio.infra.received import ReceivedBody

CONTENT = b"%PDF-1.7\r\n--xYz\r\n--xYzz\r\n-- \r\n" + bytes(range(256)) * 8 + b"\r\n--"
BODY = (
    b'--xYzZ\r\nContent-Disposition: form-data; name="title"\r\n\r\nSpring\r\n'
    b'--xYzZ\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n"
    + CONTENT
    + b'\r\n--xYzZ\r\nContent-Disposition: form-data; name="signature"\r\n\r\n00ff\r\n--xYzZ--\r\nepilogue'
)


def sink(data: Path, file_bytes: int | None = None) -> MultipartSink:
    return MultipartSink(b"xYzZ", UploadLimits(data, file_bytes, 1_000_000, lambda _: True))


async def receive(data: Path, pieces: list[bytes]) -> tuple[ReceivedBody, bytes]:
    receiving = sink(data)
    for piece in pieces:
        receiving.feed(piece)
        await receiving.settle()
    body = await receiving.finish()
    content = body.file.path.read_bytes() if body.file else b""
    await receiving.discard()
    return body, content


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(BODY)), max_size=12))
def test_every_way_to_cut_it_gives_the_same(tmp_path: Path, cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(BODY)]
    pieces = [BODY[start:end] for start, end in itertools.pairwise(ends)]
    body, content = asyncio.run(receive(tmp_path, pieces))
    assert body.fields == ((b"title", b"Spring"), (b"signature", b"00ff"))
    assert content == CONTENT
    assert list((tmp_path / "incoming").iterdir()) == []


def test_byte_by_byte_too(tmp_path: Path) -> None:
    _, content = asyncio.run(receive(tmp_path, [bytes([byte]) for byte in BODY]))
    assert content == CONTENT


def test_a_large_file_passes_through_a_small_buffer(tmp_path: Path) -> None:
    async def upload() -> int:
        receiving = sink(tmp_path)
        receiving.feed(b'--xYzZ\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n')
        piece = b"x" * 65_536
        for _ in range(1_000):
            receiving.feed(piece)
            await receiving.settle()
            assert receiving._file is not None
            assert len(receiving._file._pending) <= WRITE_BYTES + len(piece)
        receiving.feed(b"\r\n--xYzZ--\r\n")
        body = await receiving.finish()
        await receiving.discard()
        assert body.file is not None
        return body.file.size_bytes

    assert asyncio.run(upload()) == 65_536_000


def test_a_body_far_beyond_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    async def upload() -> None:
        receiving = sink(tmp_path, file_bytes=1_000)
        receiving.feed(b'--xYzZ\r\nContent-Disposition: form-data; name="file"\r\n\r\n')
        try:
            while True:
                receiving.feed(b"x" * 1_000_000)
                await receiving.settle()
        finally:
            await receiving.discard()

    with pytest.raises(StopReceiving):
        asyncio.run(upload())
    assert not (tmp_path / "incoming").exists()
