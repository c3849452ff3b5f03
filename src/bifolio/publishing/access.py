"""Who may read what: the one rule for player, manifest, cover, text and download."""

from bifolio.publishing.errors import FlipbookNotFound
from bifolio.publishing.links import edition_of_pass, is_preview_pass
from bifolio.publishing.models import EditionState, Flipbook
from bifolio.publishing.queries import flipbooks_by_hash


def readable_flipbook(flipbook_hash: str, *, preview: str = "") -> Flipbook:
    """Return the flipbook that a reader may open under this hash or alias. Raises FlipbookNotFound.

    Unknown, deleted and not published look alike, so that hashes cannot be probed. With a pass to
    one of its editions the flipbook comes as if it showed that one: read it, never save it.
    """
    found = flipbooks_by_hash(flipbook_hash).first()
    if found is None:
        raise FlipbookNotFound(flipbook_hash)
    previewed = edition_of_pass(preview)
    if previewed is not None and found.editions.filter(pk=previewed).exists():
        return as_read(found, previewed)
    if not is_visible(found, preview=preview):
        raise FlipbookNotFound(flipbook_hash)
    return found


def as_read(flipbook: Flipbook, edition_id: int) -> Flipbook:
    """Let the flipbook show the edition that somebody has open, while that is there: for reading only."""
    if edition_id != flipbook.current_edition_id:
        opened = flipbook.editions.filter(pk=edition_id).first()
        flipbook.current_edition = opened or flipbook.current_edition
    return flipbook


def is_visible(flipbook: Flipbook, *, preview: str = "") -> bool:
    """Whether a reader may open the flipbook: published, or a draft with a good preview pass."""
    return not flipbook.is_guarded or is_preview_pass(flipbook, preview)


def is_withheld(flipbook: Flipbook, *, preview: str = "") -> bool:
    """Whether the shown edition has failed, and ``preview`` is not the pass to it: its pages stay back."""
    edition = flipbook.shown_edition
    return edition.state == EditionState.FAILED and edition_of_pass(preview) != edition.pk
