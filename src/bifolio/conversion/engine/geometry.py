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

    def to_displayed(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The box of a rectangle given in the page's own coordinates."""
        if self.rotation == 90:
            x, y, width, height = bottom - self.bottom, left - self.left, top - bottom, right - left
        elif self.rotation == 180:
            x, y, width, height = self.right - right, bottom - self.bottom, right - left, top - bottom
        elif self.rotation == 270:
            x, y, width, height = self.top - top, self.right - right, top - bottom, right - left
        else:
            x, y, width, height = left - self.left, self.top - top, right - left, top - bottom
        return round(x, 1), round(y, 1), round(width, 1), round(height, 1)

    def shows(self, box: Box) -> bool:
        """Whether any part of the box lies on the displayed page."""
        x, y, width, height = box
        return x < self.width_pt and y < self.height_pt and x + width > 0 and y + height > 0


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
