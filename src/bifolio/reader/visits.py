"""Each load of a player gets a visit token, by which its beacons and downloads are believed."""

import time
from dataclasses import replace

from bifolio.infra.configuration import configuration
from bifolio.kernel.ids import new_visit_id
from bifolio.kernel.signatures import derive_key
from bifolio.kernel.visit_token import InvalidVisitToken, VisitToken, mint_visit_token, read_visit_token
from bifolio.publishing.links import edition_of_pass
from bifolio.publishing.models import Flipbook


def new_visit(flipbook: Flipbook, *, preview: str = "") -> str:
    """Return the token of a new visit to the flipbook's shown edition.

    Whoever comes with a pass to an edition is no reader, and is not counted.
    """
    edition = flipbook.shown_edition
    token = VisitToken(
        visit_id=new_visit_id(),
        workspace_id=flipbook.workspace_id,
        flipbook_id=flipbook.pk,
        edition_id=edition.pk,
        page_count=edition.page_count or 0,
        time_zone=flipbook.workspace.time_zone,
        own_team=edition_of_pass(preview) is not None,
        issued_at=int(time.time()),
    )
    return mint_visit_token(token, _key())


def visit_of(text: str, flipbook: Flipbook) -> VisitToken | None:
    """Return the visit that a token of this flipbook names, or None for any other text."""
    try:
        token = read_visit_token(text, _key(), time.time())
    except InvalidVisitToken:
        return None
    return token if token.flipbook_id == flipbook.pk else None


def renewed_visit(visit: VisitToken, flipbook: Flipbook) -> str:
    """Return the same visit's token with what has become known since: the page count of a document."""
    page_count = flipbook.shown_edition.page_count or 0
    return mint_visit_token(replace(visit, page_count=page_count), _key())


def _key() -> bytes:
    return derive_key(configuration().secret_key, "visit-token")
