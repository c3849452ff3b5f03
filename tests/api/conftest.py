from collections.abc import Iterator

import pytest
from django.conf import settings

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.accounts.services import create_key, default_workspace
from bifolio.infra import maintenance
from bifolio.infra.jobs.inline import run_due_jobs
from tests.api.client import Client, configure


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    """Without call rates, unless a test asks for them; every change of settings ends with the test."""
    before = settings.BIFOLIO
    configure(calls_per_second=None, calls_per_minute=None)
    yield
    maintenance.switch(on=False)
    settings.BIFOLIO = before


@pytest.fixture
def workspace(db: None) -> Workspace:
    return default_workspace()


@pytest.fixture
def client(workspace: Workspace) -> Client:
    return new_client(workspace)


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody with a key of another workspace."""
    return new_client(Workspace.objects.create(name="Another"))


def new_client(workspace: Workspace) -> Client:
    pair = create_key(actor=Actor.operator(), workspace=workspace)
    return Client(pair.key, pair.secret)


def convert_all() -> None:
    """Run every conversion that is due, in this process."""
    run_due_jobs(["opening", "conversion"])
