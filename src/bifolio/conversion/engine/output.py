"""Writes frames to the parent. Nothing else may write to that descriptor."""

import json
import os
from typing import Any, NamedTuple

from bifolio.conversion.frames import FrameKind, pack_header


class Encoded(NamedTuple):
    """One encoded image."""

    content: bytes
    extension: str
    width_px: int
    height_px: int


class PageFiles(NamedTuple):
    """What a page became: its images from small to large, its layers as JSON or empty."""

    images: tuple[Encoded, Encoded, Encoded]
    layers: bytes
    placeholder: str


class FrameWriter:
    """Takes the standard output away from everybody else: later prints go to standard error."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        os.dup2(2, 1)

    def send(self, kind: FrameKind, metadata: dict[str, Any], payload: tuple[bytes, ...] = ()) -> None:
        """Write one frame, waiting until the parent takes it."""
        encoded = json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode()
        header = pack_header(kind, len(encoded), sum(map(len, payload)))
        for part in (header + encoded, *payload):
            view = memoryview(part)
            while view:
                view = view[os.write(self.descriptor, view) :]

    def send_page(self, number: int, width_pt: float, height_pt: float, files: PageFiles) -> None:
        """Write a finished page."""
        metadata = {
            "number": number,
            "width_pt": width_pt,
            "height_pt": height_pt,
            "images": [[len(i.content), i.extension, i.width_px, i.height_px] for i in files.images],
            "layers_bytes": len(files.layers),
            "placeholder": files.placeholder or None,
        }
        self.send(FrameKind.PAGE, metadata, (*(image.content for image in files.images), files.layers))
