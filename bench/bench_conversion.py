"""How fast documents become pages, and how small and how good those are, beside named peers.

Ours are all outputs (three sizes, text, links) on the given cores; pdftoppm draws one size in one
process; the floor is PDFium drawing each page in colour and one JPEG of it. Ratios are of medians,
and are to be trusted more than seconds. `make bench-conversion`, or with CORPUS set:
python -m bench.bench_conversion [--pages N] [--runs N] [--cores N] [--whole] [NAME ...]
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from bench.conversion import peers, quality
from bench.conversion.books import books
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.run import count_pages

QUALITY_PAGES = 4
Row = dict[str, str | float]


def main() -> None:
    """Print one row for each document as it is measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pages", type=int, default=40, help="pages of a long book that are measured")
    options.add_argument("--whole", action="store_true", help="all pages")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--cores", type=int, default=2)
    options.add_argument("names", nargs="*", help="beginnings of the names of documents; all without")
    chosen = options.parse_args()
    is_first = True
    for name, path in books():
        if chosen.names and not name.startswith(tuple(chosen.names)):
            continue
        pages = sys.maxsize if chosen.whole else chosen.pages
        row = measure(name, path, pages, chosen.runs, chosen.cores)
        if is_first:
            print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
        print("| " + " | ".join(f"{value}" for value in row.values()) + " |", flush=True)
        is_first = False


def measure(name: str, path: Path, pages: int, runs: int, cores: int) -> Row:
    """One row of the table. Ours and the peers take turns, so that a busy machine slows all of them."""
    page_count = count_pages(path, FileKind.PDF, deadline_s=10)
    first = max(1, min(11, page_count - pages + 1))
    last = min(page_count, first + pages - 1)
    ours, popplers, mutools, floors, firsts, first_peers = [], [], [], [], [], []
    for _ in range(runs):
        ours.append(_ours(path, first, last, cores))
        popplers.append(peers.pdftoppm(path, first, last))
        floors.append(peers.floor(path, first, last))
        mutools.append(peers.mutool(path, first, last))
        firsts.append(_ours(path, 1, 1, 1)["first_page_s"])
        first_peers.append(peers.pdftoppm(path, 1, 1).wall_s)
    wall_s = statistics.median(cost["wall_s"] for cost in ours)
    cpu_s = statistics.median(cost["cpu_s"] for cost in ours)
    found = quality.compare(path, _spread(first, last))
    row: Row = {
        "document": name,
        "pages": int(ours[0]["pages"]),
        "ms wall": round(1000 * wall_s / ours[0]["pages"], 1),
        "wall / pdftoppm": _ratio(wall_s, [cost.wall_s for cost in popplers]),
        "CPU / pdftoppm": _ratio(cpu_s, [cost.cpu_s for cost in popplers]),
        "CPU / floor": _ratio(cpu_s, [cost.cpu_s for cost in floors]),
        "bytes / JPEG 80": round(found.bytes_ratio, 2),
        "SSIM": f"{found.ours:.4f}",
        "of JPEG 80": f"{found.jpeg:.4f}",
        "page 1 / pdftoppm": _ratio(statistics.median(firsts), first_peers),
        "parent MB": round(max(cost["parent_mb"] for cost in ours)),
        "child MB": round(max(cost["child_mb"] for cost in ours)),
    }
    if found_mutools := [cost.wall_s for cost in mutools if cost]:
        row["wall / mutool"] = _ratio(wall_s, found_mutools)
    return row


def _ours(path: Path, first: int, last: int, cores: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.conversion.ours", str(path), *map(str, (first, last, cores))]
    cost: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return cost


def _ratio(ours: float, theirs: list[float]) -> float:
    return round(ours / statistics.median(theirs), 2)


def _spread(first: int, last: int) -> list[int]:
    step = max(1, (last - first) // QUALITY_PAGES)
    return list(range(first, last + 1, step))[:QUALITY_PAGES]


if __name__ == "__main__":
    main()
