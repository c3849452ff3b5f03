"""What a flipbook is called by the edition that it shows, where its publisher has said nothing."""

import re
from pathlib import PurePath

from bifolio.conversion.text import first_words
from bifolio.publishing.models import Edition, Flipbook

NAMES = ("title", "description")
"""The fields that name_by_edition sets."""
PAGES_TO_DESCRIBE_BY = 5


def name_by_edition(flipbook: Flipbook) -> None:
    """Set title and description by the shown edition; the caller saves NAMES.

    What the publisher has given stays. So does the title where the edition's is not known, as of
    those converted before it was noted.
    """
    edition = flipbook.shown_edition
    if not flipbook.title_is_given:
        flipbook.title = edition.title or flipbook.title
    if not flipbook.description_is_given:
        flipbook.description = _description_by(edition)


def title_of_file(file_name: str) -> str:
    """Return the title that a document has by its file's name."""
    stem = re.sub(r"[_\s]+", " ", PurePath(file_name).stem).strip()
    return stem[:500] or "Untitled"


def _description_by(edition: Edition) -> str:
    """Return the first words of the first page that has any."""
    pages = edition.pages.filter(number__lte=PAGES_TO_DESCRIBE_BY).order_by("number")
    return next(filter(None, map(first_words, pages.values_list("text", flat=True))), "")
