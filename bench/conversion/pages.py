"""CPU of single pages against the floor, in one process: `python -m bench.conversion.pages FILE 5 20 40`.

Ours and the floor take turns, and the least of several counts, so that it can be used on a busy machine.
Give it the settings of memory that an engine gets (`bifolio.conversion.child`) to have its times.
"""

import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench.conversion.floor import draw
from bifolio.conversion.engine.pdf_book import PdfBook
from bifolio.conversion.engine.pdfium import raw

T = TypeVar("T")
TURNS = 5


def main() -> None:
    """Print the means of the pages, and the ratios."""
    path, numbers = Path(sys.argv[1]), [int(number) for number in sys.argv[2:]]
    content = memoryview(bytearray(path.read_bytes()))
    book = PdfBook(content)
    book.prepare()
    document = raw.FPDF_LoadDocument(str(path).encode(), None)
    ours_s = floor_s = 0.0
    ours_bytes = floor_bytes = 0
    for number in numbers:
        ours, floor = [], []
        for _ in range(TURNS):
            files, spent_s = _timed(functools.partial(book.convert, number, *book.page_size(number)))
            ours.append(spent_s)
            jpeg, spent_s = _timed(functools.partial(draw, document, number))
            floor.append(spent_s)
        ours_s, floor_s = ours_s + min(ours), floor_s + min(floor)
        ours_bytes, floor_bytes = ours_bytes + len(files.images[2].content), floor_bytes + len(jpeg)
    times = " ".join(f"{1000 * total / len(numbers):.1f}" for total in (ours_s, floor_s))
    print(f"{path.stem}: ms {times}, CPU {ours_s / floor_s:.2f}, bytes {ours_bytes / floor_bytes:.2f}")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


if __name__ == "__main__":
    main()
