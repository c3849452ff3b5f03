"""What conversion is measured against: pdftoppm, mutool, and the floor that no pipeline can leave out."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PDFTOPPM = ("pdftoppm", "-jpeg", "-scale-to-x", "1800", "-scale-to-y", "-1")
FLOOR = ("-m", "bench.conversion.floor")


class Cost(NamedTuple):
    """Seconds of wall clock and of CPU."""

    wall_s: float
    cpu_s: float


def pdftoppm(path: Path, first: int, last: int) -> Cost:
    """One JPEG a page, 1800 pixels wide, into files that are thrown away."""
    return _into_a_folder(lambda folder: [*PDFTOPPM, *_range(first, last), str(path), f"{folder}/page"])


def mutool(path: Path, first: int, last: int) -> Cost | None:
    """One PNG a page of the same width; None where mutool is not installed. It has no JPEG."""
    if not shutil.which("mutool"):
        return None
    size = ("draw", "-q", "-w", "1800", "-h", "100000")
    return _into_a_folder(
        lambda folder: ["mutool", *size, "-o", f"{folder}/%d.png", str(path), f"{first}-{last}"]
    )


def floor(path: Path, first: int, last: int) -> Cost:
    """PDFium draws each page in colour, Pillow makes one JPEG of it; nothing else."""
    return _timed([sys.executable, *FLOOR, str(path), str(first), str(last)])


def _range(first: int, last: int) -> tuple[str, ...]:
    return "-f", str(first), "-l", str(last)


def _into_a_folder(command: Callable[[str], list[str]]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        return _timed(command(folder))


def _timed(command: list[str]) -> Cost:
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    wall_s, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
