"""A frame is believed only as far as it can be checked."""

import io
import json
from contextlib import nullcontext
from typing import Any

import pytest
from PIL import Image

from bifolio.conversion import distrust, limits
from bifolio.conversion.distrust import FrameRefused
from bifolio.conversion.frames import HEADER, FrameKind, MalformedHeader, pack_header, unpack_header


def png(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("L", (width, height)).save(target, "PNG")
    return target.getvalue()


def page(layers: object = None, **changes: Any) -> tuple[bytes, memoryview]:
    sizes = [(240, 300), (900, 1200), (1800, 2400)]
    images = [png(*size) for size in sizes]
    written = b"" if layers is None else json.dumps(layers).encode()
    metadata = {
        "number": 3,
        "width_pt": 595,
        "height_pt": 842,
        "images": [[len(image), "png", *size] for image, size in zip(images, sizes, strict=True)],
        "layers_bytes": len(written),
        "placeholder": None,
    }
    return json.dumps(metadata | changes).encode(), memoryview(b"".join([*images, written]))


def layers(*links: dict[str, object], lines: object = ()) -> dict[str, object]:
    box = {"x": 1, "y": 1, "width": 2, "height": 2}
    return {"width": 595, "height": 842, "lines": lines, "links": [box | link for link in links]}


def test_an_honest_page_passes() -> None:
    content = layers(
        {"url": "https://example.org/"}, {"page": 10}, lines=[["a-", 1, 2, 3, 4], ["b", 1, 2, 3, 4, 90]]
    )
    converted = distrust.read_page(*page(content), number=3, page_count=10)
    assert converted.text == "ab"
    assert [image.width_px for image in (converted.small, converted.medium, converted.large)] == [
        240,
        900,
        1800,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 4},
        {"width_pt": 0},
        {"height_pt": 1e12},
        {"layers_bytes": -1},
        {"layers_bytes": 10**9},
        {"images": []},
        {"images": [[1, "png", 240, 300]] * 3},
        {"images": [[70, "png", 70_000, 300]] * 3},
        {"images": [[-70, "png", 240, 300]] * 3},
        {"placeholder": "because"},
        {"more": 1},
    ],
)
def test_a_page_that_lies_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(FrameRefused):
        distrust.read_page(*page(**changes), number=3, page_count=10)


def test_an_image_must_be_what_it_is_said_to_be() -> None:
    metadata, payload = page()
    for wrong in (
        bytes(len(payload)),
        bytes(payload).replace(b"PNG", b"GIF"),
        bytes(payload).replace(b"IHDR", b"html"),
    ):
        with pytest.raises(FrameRefused):
            distrust.read_page(metadata, memoryview(wrong), number=3, page_count=10)
    with pytest.raises(FrameRefused):
        distrust.read_page(metadata.replace(b"png", b"svg"), payload, number=3, page_count=10)


@pytest.mark.parametrize(
    "content",
    [
        layers({"url": "javascript:alert(1)"}),
        layers({"url": "https://example.org/\n"}),
        layers({"page": 11}),
        layers({"page": 0}),
        layers({}),
        layers({"page": 1, "url": "https://example.org/"}),
        layers(*[dict[str, object](page=1)] * 2_001),
        layers(lines=[["text", 1, 2, 3]]),
        layers(lines=[["text", 1, 2, 3, 4, 45]]),
        layers(lines=[[1, 1, 2, 3, 4]]),
        layers(lines=[["x" * 300_000, 1, 2, 3, 4]]),
        layers(lines=[["x", 1, 2, 3, 4]]) | {"picture": True},
        layers() | {"blocks": [{"kind": "script", "text": "x"}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": ""}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x", "html": "x"}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x", "language": 'en" onload="x'}]},
        layers() | {"blocks": [{"kind": "heading", "level": 7, "text": "x"}]},
        layers() | {"blocks": [{"kind": "figure", "text": "x" * 2_001}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x"}] * 2_001},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x" * 300_000}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x", "passages": [["<b>", "x"]]}]},
        layers() | {"blocks": [{"kind": "paragraph", "text": "x", "passages": [["fr", "x" * 2_000]] * 200}]},
        layers() | {"blocks": [{"kind": "table", "rows": [["x"] * 5_001]}]},
        layers() | {"blocks": [{"kind": "table", "rows": [[["x", 1, 10**9, 1]]]}]},
        layers() | {"blocks": [{"kind": "table", "rows": [[["x", 1, 1000, 26]]]}]},
        layers() | {"blocks": [{"kind": "table", "rows": [["x"], []]}]},
        {"lines": [], "links": []},
        [],
    ],
)
def test_layers_that_break_the_contract_are_refused(content: object) -> None:
    with pytest.raises(FrameRefused):
        distrust.read_page(*page(content), number=3, page_count=10)


def test_layers_too_large_to_look_at_are_refused() -> None:
    metadata, payload = page(layers())
    blank = limits.MAX_LAYERS_BYTES - json.loads(metadata)["layers_bytes"]
    for more, is_refused in ((blank, False), (blank + 1, True)):
        told = json.loads(metadata)
        told["layers_bytes"] += more
        padded = memoryview(bytes(payload) + b" " * more)
        with pytest.raises(FrameRefused) if is_refused else nullcontext():
            distrust.read_page(json.dumps(told).encode(), padded, number=3, page_count=10)


@pytest.mark.parametrize(
    "opened",
    [
        {"page_count": 0},
        {"page_count": 10**9},
        {"page_count": 2, "page_labels": ["i"]},
        {"page_count": 2, "title": "x" * 501},
        {"page_count": 2, "language": "<script>"},
        {"page_count": 2, "direction": "up"},
        {"page_count": 2, "outline": [{"title": "a", "page": 3}]},
        {"page_count": 2, "outline": [{"title": "a"}] * 5_001},
    ],
)
def test_a_document_that_lies_about_itself_is_refused(opened: dict[str, object]) -> None:
    with pytest.raises(FrameRefused):
        distrust.read_opened(json.dumps(opened).encode(), max_pages=1000, engine_version="1")


def test_an_endless_nesting_is_refused() -> None:
    nested = b'{"title":"a","children":[' * 100_000
    with pytest.raises(FrameRefused):
        distrust.read_opened(b'{"page_count":1,"outline":[' + nested, max_pages=0, engine_version="1")


@pytest.mark.parametrize(
    "header",
    [
        HEADER.pack(b"bif2", 1, 0, 0),
        HEADER.pack(b"bif1", 9, 0, 0),
        HEADER.pack(b"bif1", 1, 1 << 30, 0),
        HEADER.pack(b"bif1", 1, 0, 1 << 31),
    ],
)
def test_a_header_is_judged_before_anything_is_allocated(header: bytes) -> None:
    """P16: what an engine answers is not believed either."""
    with pytest.raises(MalformedHeader):
        unpack_header(header)
    assert unpack_header(pack_header(FrameKind.PAGE, 5, 7)) == (FrameKind.PAGE, 5, 7)
