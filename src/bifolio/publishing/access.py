"""Who may read what: the one rule for player, manifest, cover, text and download."""

from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.links import is_preview_pass
from bifolio.publishing.models import Flipbook
from bifolio.publishing.queries import flipbooks_by_hash


def readable_flipbook(flipbook_hash: str, *, preview: str = "") -> Flipbook:
    """Return the flipbook that a reader may open under this hash or alias. Raises FlipbookNotFound.

    Unknown, deleted and not published look alike, so that hashes cannot be probed.
    """
    found = flipbooks_by_hash(flipbook_hash).first()
    if found is None or not is_visible(found, preview=preview):
        raise FlipbookNotFound(flipbook_hash)
    return found


def is_visible(flipbook: Flipbook, *, preview: str = "") -> bool:
    """Whether a reader may open the flipbook: published, or a draft with a good preview pass."""
    return not flipbook.is_guarded or is_preview_pass(flipbook, preview)
