from pathlib import Path

import pytest

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.accounts.services import default_workspace
from bifolio.infra.configuration import configuration
from bifolio.publishing.files import IncomingFile
from bifolio.publishing.models import Flipbook
from bifolio.publishing.services import FlipbookDetails, create_flipbook
from tests.documents import incoming, make_pdf


@pytest.fixture
def arrivals() -> Path:
    return configuration().data / "files" / ".incoming"


@pytest.fixture
def upload(arrivals: Path) -> IncomingFile:
    return incoming(arrivals, make_pdf(), "spring_catalogue 2026.pdf")


@pytest.fixture
def workspace(db: None) -> Workspace:
    return default_workspace()


@pytest.fixture
def actor(workspace: Workspace) -> Actor:
    return Actor.operator()


@pytest.fixture
def flipbook(actor: Actor, workspace: Workspace, upload: IncomingFile) -> Flipbook:
    return create_flipbook(actor=actor, workspace=workspace, file=upload, details=FlipbookDetails())
