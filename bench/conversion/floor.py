"""What no pipeline can leave out: PDFium draws a page in colour, Pillow makes one JPEG of it.

Run as ``python -m bench.conversion.floor FILE FIRST LAST`` it draws a range of pages and keeps nothing.
"""

import ctypes
import io
import sys

import pypdfium2_raw as raw
from PIL import Image

WIDTH_PX = 1800


def draw(document: object, number: int) -> bytes:
    """The JPEG of a page, counting from 1."""
    page = raw.FPDF_LoadPage(document, number - 1)
    height = round(WIDTH_PX * raw.FPDF_GetPageHeightF(page) / raw.FPDF_GetPageWidthF(page))
    pixels = bytearray(WIDTH_PX * height * 4)
    buffer = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
    bitmap = raw.FPDFBitmap_CreateEx(WIDTH_PX, height, raw.FPDFBitmap_BGRx, buffer, WIDTH_PX * 4)
    raw.FPDFBitmap_FillRect(bitmap, 0, 0, WIDTH_PX, height, 0xFFFFFFFF)
    flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, WIDTH_PX, height, 0, flags)
    file = io.BytesIO()
    Image.frombuffer("RGBX", (WIDTH_PX, height), pixels, "raw", "RGBX", 0, 1).save(file, "JPEG", quality=80)
    raw.FPDFBitmap_Destroy(bitmap)
    raw.FPDF_ClosePage(page)
    return file.getvalue()


def main() -> None:
    """Draw the pages that the arguments name."""
    path, first, last = sys.argv[1:]
    raw.FPDF_InitLibraryWithConfig(ctypes.byref(raw.FPDF_LIBRARY_CONFIG(version=2)))
    document = raw.FPDF_LoadDocument(path.encode(), None)
    for number in range(int(first), int(last) + 1):
        draw(document, number)


if __name__ == "__main__":
    main()
