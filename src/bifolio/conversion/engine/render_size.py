"""How many pixels a page gets. Imports nothing but the limits."""

from typing import NamedTuple

from bifolio.conversion.limits import MAX_AREA_PX, MAX_ASPECT, MAX_EDGE_PX


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


def is_usable(width_pt: float, height_pt: float) -> bool:
    """Whether a page of that shape can be shown at all."""
    shorter, longer = sorted((width_pt, height_pt))
    return shorter >= 0.5 and longer <= MAX_ASPECT * shorter and longer < 1e6


def size_at_width(width_pt: float, height_pt: float, width_px: int) -> Size:
    """The size of a page drawn ``width_px`` wide, less where its height or area would pass the limits."""
    scale = min(
        width_px / width_pt,
        MAX_EDGE_PX / max(width_pt, height_pt),
        (MAX_AREA_PX / (width_pt * height_pt)) ** 0.5,
    )
    return Size(max(1, round(width_pt * scale)), max(1, round(height_pt * scale)))
