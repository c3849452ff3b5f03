"""Writes layers as contracts/layers.schema.json has them. Standard library only."""

import json
from typing import Any


def write_layers(width_pt: float, height_pt: float, layers: dict[str, Any]) -> bytes:
    """The layers of a page of this displayed size, empty where there is nothing in them."""
    if not any(layers.values()):
        return b""
    size = {"width": round(width_pt, 2), "height": round(height_pt, 2)}
    return json.dumps({**size, **layers}, ensure_ascii=False, separators=(",", ":")).encode()


def picture_layers(width_pt: float, height_pt: float) -> bytes:
    """The layers of a page that is nothing but a picture."""
    return write_layers(width_pt, height_pt, {"lines": [], "links": [], "picture": True})
