"""From the page's own coordinates to points of the displayed page. Imports PDFium's bindings."""

import ctypes
from typing import NamedTuple

from bifolio.conversion.engine.pdfium import Handle, raw

Box = tuple[float, float, float, float]
"""x, y, width, height in points of the displayed page, origin top left."""


class PageFrame(NamedTuple):
    """The visible part of a page (crop box within media box) and how the page is turned for display.

    ``rotation`` is clockwise, in degrees: 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int
    width_pt: float
    height_pt: float

    def to_displayed(self, left: float, bottom: float, right: float, top: float) -> Box | None:
        """What is visible of a rectangle given in the page's own coordinates; None if nothing is."""
        if self.rotation == 90:
            x, y, width, height = bottom - self.bottom, left - self.left, top - bottom, right - left
        elif self.rotation == 180:
            x, y, width, height = self.right - right, bottom - self.bottom, right - left, top - bottom
        elif self.rotation == 270:
            x, y, width, height = self.top - top, self.right - right, top - bottom, right - left
        else:
            x, y, width, height = left - self.left, self.top - top, right - left, top - bottom
        return self._visible(x, y, x + width, y + height)

    def _visible(self, x: float, y: float, right: float, bottom: float) -> Box | None:
        x, right = max(0.0, x), min(self.width_pt, right)
        y, bottom = max(0.0, y), min(self.height_pt, bottom)
        if not (x <= right and y <= bottom):
            return None
        return round(x, 1), round(y, 1), round(right - x, 1), round(bottom - y, 1)


def read_frame(page: Handle) -> PageFrame:
    """The frame of a loaded page."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    return PageFrame(
        box.left,
        box.bottom,
        box.right,
        box.top,
        90 * (raw.FPDFPage_GetRotation(page) % 4),
        raw.FPDF_GetPageWidthF(page),
        raw.FPDF_GetPageHeightF(page),
    )
