"""Typesets the documents: photographs beside a copy of the Typst sources, compiled without a network."""

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import typst
from PIL import Image

from bench.documents.leaflet import print_leaflet
from bench.documents.photographs import KINDS
from sample.press import PRINTED_AT, print_magazine

HERE = Path(__file__).resolve().parent
MM_PER_INCH = 25.4
POINTS_PER_MM = 72 / MM_PER_INCH
BLEED_MM = 3
JPEG_QUALITY = 90


def print_catalogue() -> bytes:
    """40 facing pages with bleed; photographs of 300 dots an inch on each, ten a whole page large."""
    pictures = {f"full-{n}": (_pixels(216, 286), n) for n in range(10)}
    pictures |= {f"half-{n}": (_pixels(216, 140), 100 + n) for n in range(10)}
    pictures |= {f"item-{n}": (_pixels(88, 66), 200 + n) for n in range(16)}
    return _with_trim(_typeset("catalogue", pictures))


def print_brochure() -> bytes:
    """Pages of four sizes, among them landscape spreads, with photographs of 200 dots an inch."""
    return _typeset("brochure", {f"wide-{n}": (_pixels(300, 150, 200), 300 + n) for n in range(6)})


def print_report() -> bytes:
    """60 pages of gray text in two columns, with gray figures."""
    return _typeset("report", {})


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "catalogue": print_catalogue,
    "brochure": print_brochure,
    "magazine": print_magazine,
    "report": print_report,
    "leaflet": print_leaflet,
}


def _pixels(width_mm: float, height_mm: float, dpi: int = 300) -> tuple[int, int]:
    return round(width_mm / MM_PER_INCH * dpi), round(height_mm / MM_PER_INCH * dpi)


def _typeset(name: str, pictures: dict[str, tuple[tuple[int, int], int]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="bifolio-bench-") as folder:
        root = Path(folder)
        shutil.copy(HERE / f"{name}.typ", root / "main.typ")
        for picture, (size, seed) in pictures.items():
            _photograph(size, seed).save(root / f"{picture}.jpg", quality=JPEG_QUALITY)
        return typst.compile(root / "main.typ", root=root, ignore_system_fonts=True, timestamp=PRINTED_AT)


def _photograph(size: tuple[int, int], seed: int) -> Image.Image:
    return KINDS[seed % len(KINDS)](size, random.Random(seed).randrange(1 << 30))


def _with_trim(content: bytes) -> bytes:
    """The document with the boxes that tell a printer where to cut."""
    bleed = BLEED_MM * POINTS_PER_MM
    document = pypdfium2.PdfDocument(content)
    for page in document:
        width, height = page.get_size()
        page.set_bleedbox(0, 0, width, height)
        page.set_trimbox(bleed, bleed, width - bleed, height - bleed)
    with tempfile.TemporaryFile() as file:
        document.save(file)
        file.seek(0)
        return file.read()
