"""What the engine is told: one JSON argument. Shared by both sides; standard library only."""

import json
from typing import NamedTuple


class PendingPlaceholder(NamedTuple):
    """A page that an earlier child could not finish; sizes are points as displayed."""

    number: int
    width_pt: float
    height_pt: float
    reason: str


class TileOrder(NamedTuple):
    """A page that is wanted in tiles, drawn so many pixels wide and high.

    The row of tiles ``first_row`` comes first. ``extension`` is ``png`` or ``jpg``.
    """

    page: int
    width_px: int
    height_px: int
    first_row: int
    extension: str


class EngineContext(NamedTuple):
    """All that a child process may know besides the document itself.

    ``mode`` is ``count``, ``convert``, ``tiles`` or ``placeholders`` (which never opens the document).
    ``done`` are inclusive ranges of pages to skip; ``last_page`` 0 means the document's last. ``announce``
    asks for the document's own properties. Times are seconds; ``max_pages`` 0 means no limit.
    ``password`` opens a locked document.
    """

    mode: str
    kind: str
    memory_bytes: int
    page_timeout_s: float
    document_timeout_s: float
    max_pages: int = 0
    first_page: int = 1
    last_page: int = 0
    done: tuple[tuple[int, int], ...] = ()
    announce: bool = True
    placeholders: tuple[PendingPlaceholder, ...] = ()
    password: str = ""
    tiles: TileOrder | None = None

    def to_json(self) -> str:
        """The argument that from_json reads back."""
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> "EngineContext":
        """The context that to_json wrote. Raises TypeError or ValueError for anything else."""
        fields = json.loads(text)
        fields["done"] = tuple((first, last) for first, last in fields["done"])
        fields["placeholders"] = tuple(PendingPlaceholder(*page) for page in fields["placeholders"])
        fields["tiles"] = fields["tiles"] and TileOrder(*fields["tiles"])
        return cls(**fields)


def to_ranges(numbers: set[int] | frozenset[int]) -> tuple[tuple[int, int], ...]:
    """The numbers as ascending inclusive ranges, which stay short for a book converted in order."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)
