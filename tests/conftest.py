"""What every part's tests may stand on: real documents, real databases."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.live_database import Installation, copy_sqlite, create_postgres_database
from tests.postgres_server import NoPostgres, postgres_server

CORPUS = Path(os.environ.get("CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents."""
    if not (CORPUS / "MANIFEST.tsv").is_file():
        pytest.skip("no corpus of real documents: set CORPUS to its folder")
    return CORPUS


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    try:
        with postgres_server() as url:
            yield url
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("migrated")
    Installation(data, f"sqlite:///{data / 'bifolio.sqlite3'}").migrate()
    return data / "bifolio.sqlite3"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = create_postgres_database(postgres_url, "migrated")
    Installation(tmp_path_factory.mktemp("migrated"), url).migrate()
    return "migrated"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """An installation of its own for one test; this process is connected to it."""
    if request.param == "sqlite":
        url = copy_sqlite(request.getfixturevalue("migrated_sqlite"), tmp_path / "bifolio.sqlite3")
    else:
        template = request.getfixturevalue("migrated_postgres")
        server = request.getfixturevalue("postgres_url")
        url = create_postgres_database(server, f"t{secrets.token_hex(6)}", template=template)
    made = Installation(tmp_path, url)
    with django_db_blocker.unblock(), made.connected():
        yield made
