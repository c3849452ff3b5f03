"""Converts pages of one document as the product does, one range a core, and prints what that cost.

A process of its own, so that the peaks of memory are those of one conversion:
`python -m bench.conversion.ours FILE FIRST LAST CORES`.
"""

import json
import re
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from bifolio.conversion.events import ConversionLimits, PageConverted, PageRange
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.run import convert


def convert_range(path: Path, pages: PageRange) -> tuple[int, int, float]:
    """Pages converted, bytes of their large images, and the instant at which the first was there."""
    count = size_bytes = 0
    first_at = 0.0
    for event in convert(path, FileKind.PDF, limits=ConversionLimits(max_pages=0), pages=pages):
        if isinstance(event, PageConverted):
            first_at = first_at or time.perf_counter()
            count, size_bytes = count + 1, size_bytes + len(event.large.content)
    return count, size_bytes, first_at


def split(first: int, last: int, parts: int) -> list[PageRange]:
    """Ranges of about equal length, as many as there are parts or pages."""
    parts = min(parts, last - first + 1)
    ends = [first + (last - first + 1) * part // parts for part in range(parts + 1)]
    return [PageRange(one, other - 1) for one, other in pairwise(ends)]


def cpu_s() -> float:
    """Seconds of CPU of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak_mb() -> float:
    """Our own peak; that of getrusage would count the process that started us."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def main() -> None:
    """Convert, and print one line of JSON."""
    path, (first, last, cores) = Path(sys.argv[1]), map(int, sys.argv[2:5])
    wall, cpu = time.perf_counter(), cpu_s()
    with ThreadPoolExecutor(cores) as pool:
        results = list(pool.map(lambda pages: convert_range(path, pages), split(first, last, cores)))
    cost = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": cpu_s() - cpu,
        "pages": sum(count for count, _, _ in results),
        "large_bytes": sum(size for _, size, _ in results),
        "first_page_s": results[0][2] - wall,
        "parent_mb": _peak_mb(),
        "child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
