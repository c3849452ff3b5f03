"""How alike two pictures of one page are: another program's drawing of it beside ours.

Two programs never set the same pixels, so both pictures are made smaller first. Structure alone would
not notice a wrong colour in an even area, nor a small picture missing on a large page.
"""

import io
import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COMPARED_WIDTH_PX = 450
_WINDOW_PX = 7
_CELLS_ACROSS = 24

Pixels = NDArray[np.float32]


class Likeness(NamedTuple):
    """``structure`` is the mean SSIM, 1 for equal pictures.

    ``shade`` is the greatest difference of any channel's mean (0 to 255) in any cell, a cell being as
    wide and as high as a 24th of the page's width.
    """

    structure: float
    shade: float


def likeness(one: Image.Image, other: Image.Image) -> Likeness:
    """Compare two pictures of the same size."""
    a, b = (np.asarray(_smaller(image), dtype=np.float32) for image in (one, other))
    cell_px = max(1, a.shape[1] // _CELLS_ACROSS)
    shade = np.abs(_means(a, cell_px) - _means(b, cell_px)).max()
    return Likeness(round(_structure(a, b), 4), round(float(shade), 1))


def poppler_drawing(path: Path, number: int, size: tuple[int, int], password: str = "") -> Image.Image | None:
    """The visible part of a page, drawn by poppler in that many pixels; None where it draws nothing."""
    width, height = map(str, size)
    command = ["pdftoppm", "-q", "-cropbox", "-f", str(number), "-singlefile", "-upw", password]
    # Without the last option, width and height of a page on its side are exchanged.
    command += ["-scale-to-x", width, "-scale-to-y", height, "-scale-dimension-before-rotation", str(path)]
    drawn = subprocess.run(command, capture_output=True, timeout=120, check=False).stdout
    if not drawn:
        return None
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    return image if image.size == size else image.resize(size)


def _smaller(image: Image.Image) -> Image.Image:
    return image.reduce(max(1, image.width // _COMPARED_WIDTH_PX)) if image.height > 50 else image


def _structure(a: Pixels, b: Pixels) -> float:
    """The mean of SSIM over channels and over windows side by side."""
    window = min(_WINDOW_PX, *a.shape[:2])
    mean_a, mean_b = _means(a, window), _means(b, window)
    variance_a, variance_b = _means(a * a, window) - mean_a**2, _means(b * b, window) - mean_b**2
    covariance = _means(a * b, window) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float((above / below).mean())


def _means(pixels: Pixels, side: int) -> Pixels:
    """The mean of each channel in squares of ``side`` pixels; what is left at the margins is not seen."""
    side = min(side, *pixels.shape[:2])
    height, width = pixels.shape[0] // side, pixels.shape[1] // side
    squares = pixels[: height * side, : width * side].reshape(height, side, width, side, -1)
    means: Pixels = squares.mean(axis=(1, 3))
    return means
