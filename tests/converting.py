"""Publish and convert in one breath, by the services and the job that everybody uses."""

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.accounts.services import default_workspace
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun
from bifolio.infra.jobs.models import Job
from bifolio.publishing.conversion_job import convert_edition, convert_pages
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
    convert_whole(flipbook.shown_edition.pk)
    return find_flipbook(actor=OPERATOR, flipbook_hash=flipbook.hash)


def convert_whole(edition_id: int, run: JobRun | None = None) -> None:
    """Run every job of an edition's conversion."""
    run = run or JobRun(job_id=1, attempt=1, max_attempts=3, confirm_lease=lambda: None)
    convert_edition.function(run, edition_id=edition_id)
    ranges = Job.objects.filter(name=convert_pages.name, payload__edition_id=edition_id)
    while (job := ranges.first()) is not None:
        job.delete()
        convert_pages.function(run, **job.payload)
