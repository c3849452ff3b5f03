"""What a backup holds still, while flipbooks are deleted at the worst moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from bifolio.cli.archive import snapshot as module
from bifolio.cli.archive.contents import Query
from bifolio.cli.archive.databases import consistent_copy
from bifolio.cli.archive.snapshot import snapshot
from bifolio.cli.errors import BackupIsRunning
from tests.command_line import CommandLine
from tests.live_database import Installation


@pytest.fixture
def connected(cli: CommandLine, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Connect this process to the command line's installation."""
    cli.run("list")
    installation = Installation(cli.data, f"sqlite:///{cli.data / 'bifolio.sqlite3'}")
    with django_db_blocker.unblock(), installation.connected():
        yield


@pytest.mark.usefixtures("connected")
def test_a_deletion_between_copy_and_links_takes_another_round(
    cli: CommandLine, make_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = cli.answer("publish", make_file("kept.pdf", pages=1))
    doomed = cli.answer("publish", make_file("doomed.pdf", pages=1))
    rounds: list[Path] = []

    @contextmanager
    def copy_then_delete(folder: Path) -> Iterator[Query]:
        with consistent_copy(folder) as query:
            rounds.append(folder)
            if len(rounds) == 1:
                cli.run("delete", doomed["hash"], "--yes")
            yield query

    monkeypatch.setattr(module, "consistent_copy", copy_then_delete)
    with snapshot(cli.data) as taken:
        assert taken.missing == []
        pages = [key for key in taken.sizes if key.startswith("pages/")]
    assert len(rounds) == 2
    assert len(pages) == 4 * kept["pages"]


@pytest.mark.usefixtures("connected")
def test_what_is_deleted_later_stays_in_the_snapshot(
    cli: CommandLine, make_file: Callable[..., Path]
) -> None:
    published = cli.answer("publish", make_file(pages=1))
    with snapshot(cli.data) as taken:
        cli.run("delete", published["hash"], "--yes")
        held = [taken.folder / "files" / key for key in taken.sizes]
        assert len(held) == 5
        assert all(path.stat().st_size > 0 for path in held)
    assert not taken.folder.exists()


@pytest.mark.usefixtures("connected")
def test_only_one_backup_runs_at_a_time(cli: CommandLine) -> None:
    with snapshot(cli.data), pytest.raises(BackupIsRunning), snapshot(cli.data):
        pass
