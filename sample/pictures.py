"""Which pictures the magazine needs, at which size, under which file name."""

from pathlib import Path

from PIL import Image

from sample.art.canvas import Size
from sample.art.cutpaper import canyon, sea
from sample.art.folding import folded_sheet
from sample.art.halftone import dissolving_landscape
from sample.art.marbling import gelgit, nonpareil, pulled_print, stones, swirled

DPI = 160
MM_PER_INCH = 25.4
PAGE_MM = (215, 280)
JPEG_QUALITY = 80


def _pixels(width_mm: float, height_mm: float) -> Size:
    return round(width_mm / MM_PER_INCH * DPI), round(height_mm / MM_PER_INCH * DPI)


def draw_pictures(folder: Path) -> None:
    """Write every picture of the magazine as a JPEG into an existing folder."""
    page = _pixels(*PAGE_MM)
    spread = (page[0] * 2, page[1])
    _save(canyon(page), folder, "cover")
    _save_spread(folded_sheet(spread), folder, "fold")
    _save_spread(dissolving_landscape(spread), folder, "inks")
    _save_spread(sea(spread), folder, "sea")
    _draw_marbling(folder, page)


def _draw_marbling(folder: Path, page: Size) -> None:
    height_share = page[1] / page[0]
    combed = swirled(nonpareil(gelgit(stones(height_share))))
    _save(pulled_print(combed, page), folder, "endpaper")
    # Three states of one bath: the same drops, then stroked, then combed.
    print_size = _pixels(56, 84)
    bath = stones(print_size[1] / print_size[0], count=170, seed=8)
    _save(pulled_print(bath, print_size), folder, "bath-stones")
    _save(pulled_print(gelgit(bath), print_size), folder, "bath-gelgit")
    _save(pulled_print(nonpareil(gelgit(bath)), print_size), folder, "bath-nonpareil")


def _save_spread(picture: Image.Image, folder: Path, name: str) -> None:
    middle = picture.size[0] // 2
    _save(picture.crop((0, 0, middle, picture.size[1])), folder, f"{name}-left")
    _save(picture.crop((middle, 0, *picture.size)), folder, f"{name}-right")


def _save(picture: Image.Image, folder: Path, name: str) -> None:
    picture.save(folder / f"{name}.jpg", quality=JPEG_QUALITY, optimize=True, dpi=(DPI, DPI))
