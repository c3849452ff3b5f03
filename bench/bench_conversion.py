"""How fast documents become pages: the whole pipeline against pdftoppm and against a bare floor.

The floor is what no pipeline can leave out: PDFium draws each page 1800 pixels wide in colour and
one JPEG of quality 80 is made of it. Run: CORPUS=... python bench/bench_conversion.py [--pages N]
[--runs N]. Times are medians; ratios are to be trusted more than seconds.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bifolio.conversion.events import ConversionLimits, PageConverted
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.run import convert

DOCUMENTS = {
    "text book": "deb_octave-doc/octave.pdf",
    "coloured manual": "deb_context/metafun-p.pdf",
    "coloured slides": "deb_packaging-tutorial/packaging-tutorial.ja.pdf",
    "photograph": "py-pdf_sample-files/023-cmyk-image/cmyk-image.pdf",
}
FLOOR = """
import ctypes, io, sys
import pypdfium2_raw as raw
from PIL import Image
raw.FPDF_InitLibraryWithConfig(ctypes.byref(raw.FPDF_LIBRARY_CONFIG(version=2)))
document = raw.FPDF_LoadDocument(sys.argv[1].encode(), None)
for index in range(int(sys.argv[2]) - 1, int(sys.argv[3])):
    page = raw.FPDF_LoadPage(document, index)
    width = 1800
    height = round(width * raw.FPDF_GetPageHeightF(page) / raw.FPDF_GetPageWidthF(page))
    pixels = bytearray(width * height * 4)
    buffer = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, buffer, width * 4)
    raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
    flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    image = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
    image.save(io.BytesIO(), "JPEG", quality=80)
    raw.FPDFBitmap_Destroy(bitmap)
    raw.FPDF_ClosePage(page)
"""


class Cost(NamedTuple):
    """Seconds of wall clock and of CPU, parent and children together."""

    wall_s: float
    cpu_s: float


def measure(work: Callable[[], object], runs: int) -> Cost:
    """The medians of several runs."""
    costs = []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), _cpu()
        work()
        costs.append(Cost(time.perf_counter() - wall, _cpu() - cpu))
    return Cost(statistics.median(c.wall_s for c in costs), statistics.median(c.cpu_s for c in costs))


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def pipeline(path: Path, first: int, last: int, page_count: int) -> list[PageConverted]:
    """Convert some pages as the product does."""
    done = [*range(1, first), *range(last + 1, page_count + 1)]
    events = convert(path, FileKind.PDF, limits=ConversionLimits(max_pages=0), done=done)
    return [event for event in events if isinstance(event, PageConverted)]


def first_page_s(path: Path) -> float:
    """From the call to the files of page 1, with a cold engine."""
    began = time.perf_counter()
    events = convert(path, FileKind.PDF, limits=ConversionLimits(max_pages=0))
    next(event for event in events if isinstance(event, PageConverted))
    return time.perf_counter() - began


def poppler(path: Path, first: int, last: int) -> None:
    """Draw some pages with pdftoppm into files that are thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        size = ["-jpeg", "-scale-to-x", "1800", "-scale-to-y", "-1"]
        subprocess.run(
            ["pdftoppm", *size, "-f", str(first), "-l", str(last), path, f"{folder}/page"], check=True
        )


def floor(path: Path, first: int, last: int) -> None:
    """Draw and encode some pages, and nothing else, in a child."""
    subprocess.run([sys.executable, "-c", FLOOR, path, str(first), str(last)], check=True)


def bench(name: str, path: Path, pages: int, runs: int) -> dict[str, object]:
    """One row of the table."""
    from bifolio.conversion.run import count_pages

    page_count = count_pages(path, FileKind.PDF, deadline_s=10)
    first = min(11, max(1, page_count - pages + 1))
    last = min(page_count, first + pages - 1)
    converted = pipeline(path, first, last, page_count)
    ours = measure(lambda: pipeline(path, first, last, page_count), runs)
    bare = measure(lambda: floor(path, first, last), runs)
    row: dict[str, object] = {
        "document": name,
        "pages": len(converted),
        "pages/s wall": round(len(converted) / ours.wall_s, 1),
        "pages/s cpu": round(len(converted) / ours.cpu_s, 1),
        "cpu / floor": round(ours.cpu_s / bare.cpu_s, 2),
        "wall / floor": round(ours.wall_s / bare.wall_s, 2),
        "large KB": round(sum(len(page.large.content) for page in converted) / len(converted) / 1000),
        "first page s": round(statistics.median(first_page_s(path) for _ in range(runs)), 3),
    }
    if shutil.which("pdftoppm"):
        peer = measure(lambda: poppler(path, first, last), runs)
        row["cpu / pdftoppm"] = round(ours.cpu_s / peer.cpu_s, 2)
        row["wall / pdftoppm"] = round(ours.wall_s / peer.wall_s, 2)
    return row


def main() -> None:
    """Print one line of JSON for each document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    corpus = Path(os.environ.get("CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    for name, file in DOCUMENTS.items():
        if (corpus / file).is_file():
            print(json.dumps(bench(name, corpus / file, chosen.pages, chosen.runs)), flush=True)


if __name__ == "__main__":
    main()
