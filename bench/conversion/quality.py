"""Compares our large images with JPEGs of quality 80: their bytes, and how near each is to the page.

Stands for the page: PDFium's drawing three times as wide, averaged. PDFium sets glyphs a little
otherwise in gray than in colour, and neither way is the right one at the size itself.
"""

import io
import statistics
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from bifolio.conversion.events import ConversionLimits, PageConverted, PageRange
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.run import convert

WINDOW_PX = 7
"""No divisor of the blocks of a JPEG, which would flatter it."""


class Quality(NamedTuple):
    """Bytes of ours as a share of a JPEG's; structural similarity to the page, of ours and of the JPEG."""

    bytes_ratio: float
    ours: float
    jpeg: float


def compare(path: Path, numbers: list[int]) -> Quality:
    """The sum of bytes and the means of similarity of some pages."""
    ours_bytes = jpeg_bytes = 0
    ours, jpegs = [], []
    for number in numbers:
        content = _ours(path, number)
        image = _opened(content)
        page, drawing = _drawn(path, number, image.size, 3), _drawn(path, number, image.size, 1)
        jpeg = _jpeg(drawing)
        ours_bytes, jpeg_bytes = ours_bytes + len(content), jpeg_bytes + len(jpeg)
        ours.append(similarity(page, image))
        jpegs.append(similarity(page, _opened(jpeg)))
    return Quality(ours_bytes / jpeg_bytes, statistics.fmean(ours), statistics.fmean(jpegs))


def similarity(one: Image.Image, other: Image.Image) -> float:
    """SSIM of two RGB images: the mean over channels and over windows that lie side by side."""
    a, b = _windows(one), _windows(other)
    mean_a, mean_b = a.mean(axis=(1, 3)), b.mean(axis=(1, 3))
    variance_a = (a * a).mean(axis=(1, 3)) - mean_a**2
    variance_b = (b * b).mean(axis=(1, 3)) - mean_b**2
    covariance = (a * b).mean(axis=(1, 3)) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float((above / below).mean())


def _windows(image: Image.Image) -> NDArray[np.float32]:
    width, height = (side // WINDOW_PX for side in image.size)
    pixels = np.asarray(image, dtype=np.float32)[: height * WINDOW_PX, : width * WINDOW_PX]
    return pixels.reshape(height, WINDOW_PX, width, WINDOW_PX, 3)


def _ours(path: Path, number: int) -> bytes:
    limits = ConversionLimits(max_pages=0)
    events = convert(path, FileKind.PDF, limits=limits, pages=PageRange(number, number))
    return next(event.large.content for event in events if isinstance(event, PageConverted))


def _drawn(path: Path, number: int, size: tuple[int, int], times: int) -> Image.Image:
    """The page as PDFium draws it so many times as large, averaged to the size."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        scale = times * size[0] / page.get_width()
        image: Image.Image = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_pil()
        return image.convert("RGB").reduce(times).crop((0, 0, *size))


def _jpeg(drawing: Image.Image) -> bytes:
    file = io.BytesIO()
    drawing.save(file, "JPEG", quality=80)
    return file.getvalue()


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")
