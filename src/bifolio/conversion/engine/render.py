"""Draws a page of a PDF at the sizes that are kept. Imports PDFium and Pillow.

Gray pages are drawn in gray, which takes half the time. Whether a page is gray is judged on the
smallest size, drawn first. A photograph would be decoded twice for that, so a page with one is drawn
once, in colour, and judged afterwards.
"""

import ctypes
import math
from typing import NamedTuple

from PIL import Image

from bifolio.conversion.engine import encode, judge
from bifolio.conversion.engine.failures import PageUnreadable
from bifolio.conversion.engine.gray_rows import GrayRows, blank_rows
from bifolio.conversion.engine.pdfium import Handle, raw
from bifolio.conversion.engine.png import Patch
from bifolio.conversion.engine.render_size import Size, size_at_width
from bifolio.conversion.limits import LARGE_WIDTH_PX

_WHITE = 0xFFFFFFFF
_COLOUR_FLAGS = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
_GRAY_FLAGS = raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE
_PHOTOGRAPH_PX = 400_000
"""An image of fewer pixels is decoded sooner than a gray page is drawn in colour."""
_LARGE_PHOTOGRAPH_PX = 2_500_000
"""Decoding so many pixels takes so long that the best codes for a JPEG cost little beside it."""
_OBJECTS_LOOKED_AT = 200
PROBE_WIDTH_PX = 240
_SOFT_SHARE = 0.2
"""An emblem in soft tones may have a palette beside text; a picture of more than this share may not."""


class _Target(NamedTuple):
    """Rows of pixels, ``stride`` bytes apart, for the part of the page whose left top is ``at``."""

    pixel_format: int
    stride: int
    flags: int
    part: Size
    at: tuple[int, int] = (0, 0)


class Renderer:
    """Draws the pages of one document, one after another, into memory that it keeps."""

    def __init__(self, form: Handle) -> None:
        self._form = form
        self._memory = bytearray()
        self._rows: dict[int, GrayRows] = {}

    def render(self, page: Handle, width_pt: float, height_pt: float) -> encode.Images:
        """The page's encoded images. Raises PageUnreadable."""
        large = size_at_width(width_pt, height_pt, LARGE_WIDTH_PX)
        photograph_px = _pixels_of_photograph(page)
        if photograph_px >= _PHOTOGRAPH_PX:
            sizes = encode.shrink(self.draw_colour(page, large))
            is_gray = judge.is_gray(judge.colourfulness(sizes.small))
            is_large = photograph_px >= _LARGE_PHOTOGRAPH_PX
            return encode.encode_all(sizes.to_gray() if is_gray else sizes, is_large_photograph=is_large)
        probe_size = size_at_width(width_pt, height_pt, min(PROBE_WIDTH_PX, large.width))
        colourful = judge.colourfulness(self.draw_colour(page, probe_size))
        if judge.is_gray(colourful):
            drawn = self._draw_rows(page, large, 4)
            return encode.encode_all(encode.shrink(drawn.image), drawn=drawn)
        patched = self._render_patched(page, large, colourful) if large.width == LARGE_WIDTH_PX else None
        return patched or encode.encode_all(encode.shrink(self.draw_colour(page, large)))

    def _render_patched(self, page: Handle, large: Size, colourful: Image.Image) -> encode.Images | None:
        """A page drawn in gray with patches of colour; None where that would lose tones or save nothing."""
        areas = [_enlarged(area, large, colourful.size) for area in judge.coloured_areas(colourful)]
        patches = [self._draw_patch(page, large, area) for area in areas]
        if not patches or not _have_few_tones(patches, large):
            return None
        drawn = self._draw_rows(page, large, 8)
        if not judge.is_flat(judge.some_rows(drawn.image, 16)):
            return encode.encode_jpegs(encode.shrink(_coloured(drawn, patches)))
        return encode.encode_gray_with(drawn, patches)

    def _draw_patch(self, page: Handle, large: Size, area: judge.Area) -> Patch:
        """A part of the page in colour, in memory of its own."""
        part = Size(area.right - area.left, area.bottom - area.top)
        image = self.draw_colour(page, large, part, (area.left, area.top))
        return Patch(area.left, area.top, image.copy())

    def draw_colour(
        self, page: Handle, size: Size, part: Size | None = None, at: tuple[int, int] = (0, 0)
    ) -> Image.Image:
        """The page, or a part of it, in mode RGB: a view of the memory that the next drawing will use."""
        part = part or size
        self._draw(page, size, _Target(raw.FPDFBitmap_BGRx, 4 * part.width, _COLOUR_FLAGS, part, at))
        pixels = Image.frombuffer("RGBX", part, self._memory, "raw", "RGBX", 0, 1)
        # Pillow keeps RGB in four bytes as well, so this shares what a conversion would copy.
        return Image.fromarrow(pixels, "RGB", part)

    def draw_gray(
        self, page: Handle, size: Size, part: Size | None = None, at: tuple[int, int] = (0, 0)
    ) -> Image.Image:
        """The page, or a part of it, in mode L: a view of the memory that the next drawing will use."""
        part = part or size
        self._draw(page, size, _Target(raw.FPDFBitmap_Gray, part.width, _GRAY_FLAGS, part, at))
        return Image.frombuffer("L", part, self._memory, "raw", "L", 0, 1)

    def _draw_rows(self, page: Handle, size: Size, depth: int) -> GrayRows:
        """The page in gray, ready for a PNG: the next drawing for that depth will use its memory."""
        rows = self._rows.get(depth)
        if rows is None or rows.size != size:
            rows = self._rows[depth] = blank_rows(size, depth)
        target = _Target(raw.FPDFBitmap_Gray, rows.stride, _GRAY_FLAGS, size)
        self._draw_into(rows.content, rows.margin, page, size, target)
        return rows

    def _draw(self, page: Handle, size: Size, target: _Target) -> None:
        needed = target.stride * target.part.height
        if len(self._memory) < needed:
            self._memory = bytearray(needed)
        self._draw_into(self._memory, 0, page, size, target)

    def _draw_into(self, memory: bytearray, start: int, page: Handle, size: Size, target: _Target) -> None:
        pixels = ctypes.c_ubyte.from_buffer(memory, start)
        bitmap = raw.FPDFBitmap_CreateEx(
            *target.part, target.pixel_format, ctypes.byref(pixels), target.stride
        )
        if not bitmap:
            raise PageUnreadable
        place = (-target.at[0], -target.at[1], *size, 0, target.flags)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, *target.part, _WHITE)
            raw.FPDF_RenderPageBitmap(bitmap, page, *place)
            if self._form:
                raw.FPDF_FFLDraw(self._form, bitmap, page, *place)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)


def _coloured(gray: GrayRows, patches: list[Patch]) -> Image.Image:
    """What a drawing in colour would show, in less time: images are not decoded to have their colours."""
    image = gray.image.convert("RGB")
    for patch in patches:
        image.paste(patch.image, (patch.left, patch.top))
    return image


def _have_few_tones(patches: list[Patch], page: Size) -> bool:
    allowed = _SOFT_SHARE * page.pixels
    if sum(patch.pixels for patch in patches) <= allowed:
        return True
    return sum(patch.pixels for patch in patches if not judge.is_flat(patch.image)) <= allowed


def _enlarged(area: judge.Area, to: Size, of: tuple[int, int]) -> judge.Area:
    """An area of the probe in pixels of ``to``, beginning at even pixels."""
    across, down = to.width / of[0], to.height / of[1]
    return judge.Area(
        int(area.left * across) & ~1,
        int(area.top * down) & ~1,
        min(to.width, 2 * math.ceil(area.right * across / 2)),
        min(to.height, 2 * math.ceil(area.bottom * down / 2)),
    )


def _pixels_of_photograph(page: Handle) -> int:
    """Pixels of the largest image among the page's first objects; it stops at a large one."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    references = ctypes.byref(width), ctypes.byref(height)
    largest_px = 0
    for index in range(min(raw.FPDFPage_CountObjects(page), _OBJECTS_LOOKED_AT)):
        part = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(part) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        if raw.FPDFImageObj_GetImagePixelSize(part, *references):
            largest_px = max(largest_px, width.value * height.value)
        if largest_px >= _LARGE_PHOTOGRAPH_PX:
            break
    return largest_px
