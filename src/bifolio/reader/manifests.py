"""The manifest as one reader gets it: with the addresses of this visit."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bifolio.publishing.failures import failure_sentence
from bifolio.publishing.links import direct_path
from bifolio.publishing.manifest import allows_download, manifest_of
from bifolio.publishing.models import Flipbook


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
        "manifest": reader_pass.address(f"/manifest/{flipbook.hash}"),
        "text": text_address(flipbook, reader_pass.preview),
    }
    if allows_download(flipbook):
        links["download"] = reader_pass.address(f"/download/{flipbook.hash}")
    error = failure_sentence(edition.failure) if edition.failure else None
    manifest = manifest_of(flipbook, start=start, error=error, links=links)
    return {**manifest, "visitToken": reader_pass.visit}


def text_address(flipbook: Flipbook, preview: str) -> str:
    """Return where the book's text can be read as plain HTML."""
    path = direct_path(flipbook, "text.html")
    return f"{path}?{urlencode({'preview': preview})}" if preview else path
