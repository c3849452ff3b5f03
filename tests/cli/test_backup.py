import json
import os
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.command_line import CommandLine
from tests.postgres_server import NoPostgres, postgres_server
from tests.waiting import wait_until

MakeFile = Callable[..., Path]


@pytest.fixture
def other(tmp_path: Path) -> CommandLine:
    """A second, empty installation to restore into."""
    return CommandLine(tmp_path / "other")


def _is_whole(cli: CommandLine) -> bool:
    """Whether every file that the database names is there with its digest."""
    return _outcomes(cli, "--deep")["files"] == "ok"


def _outcomes(cli: CommandLine, *arguments: str) -> dict[str, str]:
    """Return how everything stands that the doctor looks at, by its name."""
    checks = cli.answer("doctor", *arguments)["checks"]
    return {check["name"]: check["outcome"] for check in checks}


def test_what_was_backed_up_is_restored(
    cli: CommandLine, other: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    published = cli.answer("publish", make_file(pages=3))
    key = cli.answer("key", "create")
    assert cli.run("backup", tmp_path / "all.tar").stdout.strip() == str(tmp_path / "all.tar")
    other.run("restore", tmp_path / "all.tar")
    assert other.answer("show", published["hash"]) == published
    assert [found["apiKey"] for found in other.answer("key", "list")] == [key["apiKey"]]
    assert (other.data / "secret-key").read_text() == (cli.data / "secret-key").read_text()
    assert _is_whole(other)


def test_the_archive_is_its_owners_alone_and_said_to_hold_the_key(cli: CommandLine, tmp_path: Path) -> None:
    ended = cli.run("backup", tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o777 == 0o600
    assert "holds the secret key" in ended.stderr
    with tarfile.open(tmp_path / "all.tar.gz", "r:gz") as tar:
        assert tar.getnames()[:4] == ["backup.json", "index.tsv", "bifolio.sqlite3", "secret-key"]


def test_a_key_of_the_environment_stays_out_and_must_be_given_again(
    cli: CommandLine, other: CommandLine, tmp_path: Path
) -> None:
    settings = {"BIFOLIO_SECRET_KEY": "kept in a safe place, and nowhere else than there"}
    keyed = CommandLine(cli.data, settings)
    assert "NOT in the archive" in keyed.run("backup", tmp_path / "all.tar").stderr
    assert "BIFOLIO_SECRET_KEY" in other.refusal("restore", tmp_path / "all.tar")
    CommandLine(other.data, settings).run("restore", tmp_path / "all.tar")


def test_what_lies_in_incoming_run_and_limits_is_left_out(
    cli: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    cli.run("publish", make_file())
    for folder in ("incoming", "limits"):
        (cli.data / folder).mkdir(exist_ok=True)
        (cli.data / folder / "passing").write_text("not kept")
    cli.run("backup", tmp_path / "all.tar")
    with tarfile.open(tmp_path / "all.tar") as tar:
        assert {name.partition("/")[0] for name in tar.getnames()} == {
            *("backup.json", "index.tsv", "bifolio.sqlite3", "secret-key", "files")
        }
    assert not (cli.data / "files" / ".backup").exists()


def test_an_existing_file_is_replaced_only_by_force(cli: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "all.tar"
    target.write_text("precious")
    assert "--force" in cli.refusal("backup", target)
    assert target.read_text() == "precious"
    cli.run("backup", target, "--force")
    assert tarfile.is_tarfile(target)


def test_a_target_that_cannot_be_written_leaves_nothing(cli: CommandLine, tmp_path: Path) -> None:
    cli.run("list")
    assert f"no folder {tmp_path / 'absent'}" in cli.refusal("backup", tmp_path / "absent" / "all.tar")
    (tmp_path / "taken").mkdir()
    assert "is a folder, a device" in cli.refusal("backup", tmp_path / "taken", "--force")
    os.mkfifo(tmp_path / "pipe")
    assert "is a folder, a device" in cli.refusal("backup", tmp_path / "pipe", "--force")
    assert (tmp_path / "pipe").is_fifo()
    assert "/proc/all.tar cannot be written" in cli.refusal("backup", "/proc/all.tar")
    assert not (cli.data / "files" / ".backup").exists()


def test_a_file_that_the_store_has_lost_is_named_and_the_rest_is_kept(
    cli: CommandLine, other: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    cli.run("publish", make_file())
    lost = next((cli.data / "files" / "pages").glob("*/1-large-*"))
    lost.unlink()
    ended = cli.run("backup", tmp_path / "all.tar", code=1)
    assert lost.name in ended.stderr
    assert "1 files were missing already" in other.run("restore", tmp_path / "all.tar").stderr


@contextmanager
def _changing(cli: CommandLine, make_file: MakeFile) -> Iterator[None]:
    """Publish, redraft and delete without pause until the end of the block."""
    stopped = threading.Event()

    def change() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            flipbook = cli.answer("publish", make_file(f"load-{number}.pdf", pages=4))
            if number % 2:
                cli.run("delete", flipbook["hash"], "--yes")

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def test_backups_under_load_are_whole(cli: CommandLine, tmp_path: Path, make_file: MakeFile) -> None:
    cli.run("publish", make_file("first.pdf", pages=20))
    names = iter(range(10_000))
    lock = threading.Lock()

    def make(name: str, *, pages: int) -> Path:
        with lock:
            return make_file(f"{next(names)}-{name}", pages=pages)

    with cli.serving(), _changing(cli, make):
        for number in range(4):
            cli.run("backup", tmp_path / f"{number}.tar")
    for number in range(4):
        restored = CommandLine(tmp_path / f"restored-{number}")
        restored.run("restore", tmp_path / f"{number}.tar")
        assert _is_whole(restored)
        with closing(sqlite3.connect(restored.data / "bifolio.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_workers_stay_behind_and_their_jobs_go_on(
    cli: CommandLine, other: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    with cli.serving():
        command = cli.start("publish", make_file("long.pdf", pages=400))
        wait_until(lambda: any((cli.data / "files" / "pages").glob("*/*")))
        cli.run("backup", tmp_path / "all.tar")
        assert _outcomes(cli)["worker"] == "ok"
        command.terminate()
        command.communicate()
    other.run("restore", tmp_path / "all.tar")
    assert _outcomes(other)["worker"] == "warning"
    assert other.answer("list")[0]["state"] == "processing"
    with other.serving():
        wait_until(lambda: other.answer("list")[0]["state"] == "complete", timeout_s=90)


def test_every_row_of_a_backup_has_its_files_in_it(
    cli: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    cli.run("publish", make_file(pages=5))
    cli.run("backup", tmp_path / "all.tar")
    with tarfile.open(tmp_path / "all.tar") as tar:
        description = tar.extractfile("backup.json")
        assert description is not None
        told = json.load(description)
        files = [name for name in tar.getnames() if name.startswith("files/")]
    # The original, and three images and the layers of each page.
    assert told["files"] == len(files) == 1 + 5 * 4


@pytest.mark.postgres
def test_postgresql_is_backed_up_and_restored(
    cli: CommandLine, other: CommandLine, make_file: MakeFile, tmp_path: Path
) -> None:
    try:
        with postgres_server() as server:
            source = CommandLine(cli.data, {"BIFOLIO_DATABASE_URL": _new_database(server, "source")})
            target = CommandLine(other.data, {"BIFOLIO_DATABASE_URL": _new_database(server, "target")})
            published = source.answer("publish", make_file(pages=3))
            _note_a_worker(source.settings["BIFOLIO_DATABASE_URL"])
            assert _outcomes(source)["worker"] == "ok"
            source.run("backup", tmp_path / "all.tar")
            assert "a postgresql database" in CommandLine(tmp_path / "third").refusal(
                "restore", tmp_path / "all.tar"
            )
            target.run("restore", tmp_path / "all.tar")
            assert target.answer("show", published["hash"]) == published
            assert _is_whole(target)
            assert _outcomes(target)["worker"] == "warning"
            assert "not empty" in target.refusal("restore", tmp_path / "all.tar")
            target.run("restore", tmp_path / "all.tar", "--force")
            assert _is_whole(target)
    except NoPostgres as error:
        pytest.skip(str(error))


def _note_a_worker(database_url: str) -> None:
    with psycopg.connect(database_url) as database:
        database.execute("INSERT INTO jobs_worker VALUES ('elsewhere', 'conversion', now())")


def _new_database(server: str, name: str) -> str:
    from tests.live_database import create_postgres_database

    return create_postgres_database(server, name)
