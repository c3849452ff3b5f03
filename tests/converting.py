"""Publish and convert in one breath, by the services and the job that everybody uses."""

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.accounts.services import default_workspace
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun
from bifolio.publishing.conversion_job import convert_edition
from bifolio.publishing.models import Flipbook
from bifolio.publishing.queries import find_flipbook
from bifolio.publishing.services import FlipbookDetails, create_flipbook
from tests.documents import incoming, make_pdf

OPERATOR = Actor.operator()


def publish(
    content: bytes = b"",
    details: FlipbookDetails = FlipbookDetails(),  # noqa: B008 (frozen)
    workspace: Workspace | None = None,
) -> Flipbook:
    """Create a flipbook of ``content`` (three pages of our own by default), not yet converted."""
    file = incoming(configuration().data / "files" / ".incoming", content or make_pdf())
    return create_flipbook(
        actor=OPERATOR, workspace=workspace or default_workspace(), file=file, details=details
    )


def convert(flipbook: Flipbook) -> Flipbook:
    """Run the flipbook's conversion to its end and return it anew."""
    run = JobRun(job_id=1, attempt=1, max_attempts=3, confirm_lease=lambda: None)
    convert_edition.function(run, edition_id=flipbook.shown_edition.pk)
    return find_flipbook(actor=OPERATOR, flipbook_hash=flipbook.hash)
