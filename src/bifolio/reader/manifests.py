"""The manifest as one reader gets it: with the addresses of this visit."""

import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bifolio.publishing.access import is_withheld
from bifolio.publishing.failures import failure_sentence
from bifolio.publishing.links import direct_link, direct_path, edition_of_pass
from bifolio.publishing.manifest import PAGES_A_MANIFEST, allows_download, manifest_of
from bifolio.publishing.models import Edition, EditionState, Flipbook
from bifolio.reader.addresses import page_of

# Why a conversion failed is the publisher's business, who learns it by API and command line.
FAILED_FOR_READERS = "It could not be prepared for reading. Its publisher can put that right."


@dataclass(frozen=True, slots=True)
class ReaderPass:
    """What a reader's follow-up requests carry: the visit's token, and a draft's preview pass."""

    visit: str
    preview: str

    def address(self, path: str) -> str:
        """Return ``path`` with the pass as its query."""
        query = {"visit": self.visit, **({"preview": self.preview} if self.preview else {})}
        return f"{path}?{urlencode(query)}"


def reader_manifest(flipbook: Flipbook, reader_pass: ReaderPass, *, start: int) -> dict[str, Any]:
    """Return the manifest of contracts/manifest.schema.json from page index ``start`` on."""
    edition = flipbook.shown_edition
    links = {
        "direct": direct_link(flipbook, preview=reader_pass.preview),
        "manifest": reader_pass.address(f"/manifest/{flipbook.hash}"),
        "text": text_address(flipbook, reader_pass.preview),
    }
    if allows_download(flipbook):
        links["download"] = reader_pass.address(f"/download/{flipbook.hash}")
    is_owners = edition_of_pass(reader_pass.preview) == edition.pk
    error = _why_failed(edition, is_owners=is_owners)
    manifest = manifest_of(flipbook, start=start, error=error, links=links)
    if is_withheld(flipbook, preview=reader_pass.preview):
        manifest |= {"description": "", "outline": [], "pages": [None] * len(manifest["pages"])}
    if is_owners and edition.state == EditionState.FAILED:
        manifest["reachedPages"] = edition.pages_done
    return {**manifest, "visitToken": reader_pass.visit}


def _why_failed(edition: Edition, *, is_owners: bool) -> str | None:
    if not edition.failure:
        return None
    return failure_sentence(edition.failure) if is_owners else FAILED_FOR_READERS


def stretch_of_page(number: int) -> int:
    """Return the index from which on a manifest brings the page with this number."""
    return (number - 1) // PAGES_A_MANIFEST * PAGES_A_MANIFEST


def page_labelled(edition: Edition, text: str) -> int:
    """Return the page that readers mean by ``text``: the first with that label, else the one of that number.

    A number beyond the end is the last page; anything else is page 1.
    """
    wanted = _folded(text)
    for number, label in enumerate(edition.page_labels, start=1):
        if _folded(label) == wanted:
            return number
    return min(page_of(wanted), edition.page_count or 1)


def _folded(text: str) -> str:
    """Return one spelling of what the player takes for the same (player/src/core/book.ts)."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def text_address(flipbook: Flipbook, preview: str) -> str:
    """Return where the book's text can be read as plain HTML."""
    return _with_preview(direct_path(flipbook, "text.html"), preview)


def book_address(flipbook: Flipbook, preview: str) -> str:
    """Return where the book itself can be read, for a reader of this server."""
    return _with_preview(direct_path(flipbook), preview)


def _with_preview(path: str, preview: str) -> str:
    return f"{path}?{urlencode({'preview': preview})}" if preview else path
