"""The corpus of real and hostile documents: what each row says of a document, and how it may end."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bifolio.conversion.reasons import FailureReason

WHOLE, PARTLY, REFUSED, LOCKED, OVER_LIMIT, STOPPED = (
    "whole",
    "partly: pages could not be shown",
    "refused: nothing can be shown",
    "locked with a password",
    "over the limit of pages",
    "stopped: it takes too much",
)
_ENDINGS = {
    "ok": {WHOLE},
    "ok-partial": {PARTLY},
    "reject": {REFUSED},
    "reject-or-placeholder": {REFUSED, PARTLY},
    "password": {LOCKED},
    "reject-limit": {OVER_LIMIT},
    # What takes too much costs its page; a document of one page has nothing left then.
    "oom": {STOPPED, REFUSED, PARTLY},
    "timeout": {STOPPED, REFUSED, PARTLY},
}
_REASONS = {
    FailureReason.PASSWORD: LOCKED,
    FailureReason.TOO_MANY_PAGES: OVER_LIMIT,
    FailureReason.OUT_OF_TIME: STOPPED,
    FailureReason.CRASHED_REPEATEDLY: STOPPED,
}


class Row(NamedTuple):
    """A document: its path below the corpus, its pages (0 where unknown), and how it may end.

    ``source`` is where it comes from; ``is_made`` says that a program of the corpus makes it.
    """

    file: str
    source: str
    pages: int
    endings: frozenset[str]
    is_made: bool

    @property
    def is_ordinary(self) -> bool:
        """Whether it must become a whole book."""
        return self.endings == {WHOLE}


def read_manifest(corpus: Path) -> list[Row]:
    """All rows, in their order."""
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            row["file"].removesuffix(" (generate)"),
            row["file"].partition("/")[0],
            int(row["pages"] or 0),
            _endings(row["expected"]),
            row["file"].endswith(" (generate)"),
        )
        for row in rows
    ]


def spread(rows: Iterable[Row], count: int) -> list[Row]:
    """About ``count`` of the rows, at equal distances."""
    chosen = list(rows)
    return chosen[:: max(1, len(chosen) // count)]


def ending(failure: FailureReason | None, placeholders: int) -> str:
    """How a conversion ended."""
    if failure is None:
        return PARTLY if placeholders else WHOLE
    return _REASONS.get(failure, REFUSED)


def _endings(expected: str) -> frozenset[str]:
    """From ``ok|reject(why) [observed]``."""
    words = expected.partition(" [")[0].split("|")
    return frozenset().union(*(_ENDINGS[word.partition("(")[0]] for word in words))
