"""Draws a page of a PDF at the sizes that are kept. Imports PDFium and Pillow.

Gray pages are drawn in gray, which takes half the time. Whether a page is gray is judged on the
smallest size, drawn first. A photograph would be decoded twice for that, so a page with one is drawn
once, in colour, and judged afterwards.
"""

import ctypes

from PIL import Image

from bifolio.conversion.engine import encode
from bifolio.conversion.engine.failures import PageUnreadable
from bifolio.conversion.engine.pdfium import Handle, raw
from bifolio.conversion.engine.render_size import Size, size_at_width
from bifolio.conversion.limits import LARGE_WIDTH_PX, SMALL_WIDTH_PX

_WHITE = 0xFFFFFFFF
_COLOUR_FLAGS = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
_GRAY_FLAGS = raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE
_PHOTOGRAPH_PX = 400_000
"""An image of fewer pixels is decoded sooner than a gray page is drawn in colour."""
_OBJECTS_LOOKED_AT = 200


class Renderer:
    """Draws the pages of one document, one after another, into memory that it keeps."""

    def __init__(self, form: Handle) -> None:
        self._form = form
        self._memory = bytearray()
        self._pixels = (ctypes.c_ubyte * 0)()

    def render(self, page: Handle, width_pt: float, height_pt: float) -> encode.Images:
        """The page's encoded images. Raises PageUnreadable."""
        large = size_at_width(width_pt, height_pt, LARGE_WIDTH_PX)
        small_size = size_at_width(width_pt, height_pt, min(SMALL_WIDTH_PX, large.width))
        small: Image.Image | None = None
        if not _has_photograph(page):
            small = self._draw_colour(page, small_size).copy()
            if encode.is_gray(small):
                return encode.encode_all(encode.shrink(self._draw_gray(page, large), small.convert("L")))
        sizes = encode.shrink(self._draw_colour(page, large), small)
        if small is None and encode.is_gray(sizes.small):
            sizes = sizes.to_gray()
        return encode.encode_all(sizes)

    def _draw_colour(self, page: Handle, size: Size) -> Image.Image:
        """The page in mode RGB, a view of the memory that the next drawing will use."""
        self._draw(page, size, raw.FPDFBitmap_BGRx, 4, _COLOUR_FLAGS)
        pixels = Image.frombuffer("RGBX", size, self._memory, "raw", "RGBX", 0, 1)
        # Pillow keeps RGB in four bytes as well, so this shares what a conversion would copy.
        return Image.fromarrow(pixels, "RGB", size)

    def _draw_gray(self, page: Handle, size: Size) -> Image.Image:
        """The page in mode L, a view of the memory that the next drawing will use."""
        self._draw(page, size, raw.FPDFBitmap_Gray, 1, _GRAY_FLAGS)
        return Image.frombuffer("L", size, self._memory, "raw", "L", 0, 1)

    def _draw(self, page: Handle, size: Size, pixel_format: int, pixel_bytes: int, flags: int) -> None:
        if len(self._memory) < size.pixels * pixel_bytes:
            self._memory = bytearray(size.pixels * pixel_bytes)
            self._pixels = (ctypes.c_ubyte * len(self._memory)).from_buffer(self._memory)
        stride = size.width * pixel_bytes
        bitmap = raw.FPDFBitmap_CreateEx(size.width, size.height, pixel_format, self._pixels, stride)
        if not bitmap:
            raise PageUnreadable
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, size.width, size.height, _WHITE)
            raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, size.width, size.height, 0, flags)
            if self._form:
                raw.FPDF_FFLDraw(self._form, bitmap, page, 0, 0, size.width, size.height, 0, flags)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)


def _has_photograph(page: Handle) -> bool:
    """Whether one of the page's first objects is an image that takes long to decode."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    references = ctypes.byref(width), ctypes.byref(height)
    for index in range(min(raw.FPDFPage_CountObjects(page), _OBJECTS_LOOKED_AT)):
        part = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(part) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        is_known = raw.FPDFImageObj_GetImagePixelSize(part, *references)
        if is_known and width.value * height.value >= _PHOTOGRAPH_PX:
            return True
    return False
