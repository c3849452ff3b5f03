import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.documents import make_pdf

Change = Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes]]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installation in ``data``, and its archive ``all.tar``."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "leaflet.pdf").write_bytes(make_pdf(pages=2))
    cli = CommandLine(folder / "data")
    cli.run("publish", folder / "leaflet.pdf")
    cli.run("backup", folder / "all.tar")
    return folder


@pytest.fixture
def archive(source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(source / "all.tar", tmp_path / "all.tar"))


@pytest.fixture
def cli(source: Path, tmp_path: Path) -> CommandLine:
    """The installation that the archive is of."""
    shutil.copytree(source / "data", tmp_path / "data")
    return CommandLine(tmp_path / "data")


@pytest.fixture
def other(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "other")


def _changed(
    archive: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes]]
) -> Path:
    """Write the archive anew, each member as ``change`` returns it."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as source, tarfile.open(target, "w") as copy:
        for member in source:
            file = source.extractfile(member)
            assert file is not None
            new, content = change(member, file.read())
            new.size = len(content) if new.isreg() else 0
            copy.addfile(new, io.BytesIO(content))
    return target


def _is_untouched(cli: CommandLine) -> bool:
    return not cli.data.exists()


def test_it_refuses_a_folder_that_is_not_empty(cli: CommandLine, archive: Path) -> None:
    assert "--force" in cli.refusal("restore", archive)
    assert len(cli.answer("list")) == 1


def test_by_force_what_was_there_is_moved_aside(cli: CommandLine, archive: Path) -> None:
    (archive.parent / "later.pdf").write_bytes(make_pdf(pages=1))
    later = cli.answer("publish", archive.parent / "later.pdf")
    ended = cli.run("restore", archive, "--force")
    (aside,) = cli.data.glob("before-restore-*")
    assert str(aside) in ended.stderr
    assert len(cli.answer("list")) == 1
    shutil.copytree(aside, cli.data.with_name("earlier"))
    earlier = CommandLine(cli.data.with_name("earlier"))
    assert later["hash"] in {row["hash"] for row in earlier.answer("list")}


def test_it_refuses_beside_a_running_server(cli: CommandLine, archive: Path) -> None:
    with cli.serving():
        assert "Stop it first" in cli.refusal("restore", archive, "--force")


def test_a_database_outside_the_data_folder_is_kept_beside_the_new_one(
    archive: Path, other: CommandLine, tmp_path: Path
) -> None:
    outside = CommandLine(other.data, {"BIFOLIO_DATABASE_URL": f"sqlite:///{tmp_path}/outside.db"})
    outside.run("key", "create")
    outside.run("restore", archive, "--force")
    assert len(outside.answer("list")) == 1
    assert len(list(tmp_path.glob("before-restore-*-outside.db"))) == 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_short_changes_nothing(
    other: CommandLine, archive: Path, share: float
) -> None:
    cut = archive.with_name("cut.tar")
    with tarfile.open(archive) as tar:
        end = tar.getmembers()[-1]
    whole = archive.read_bytes()[: end.offset_data + end.size]
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert "Nothing was changed" in other.refusal("restore", cut)
    assert _is_untouched(other)


def test_a_bad_archive_leaves_a_folder_as_it_was(other: CommandLine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    bad.write_bytes(b"no archive")
    (other.data / "notes").mkdir(parents=True)
    other.refusal("restore", bad)
    assert [path.name for path in other.data.rglob("*")] == ["notes"]
    deep = CommandLine(tmp_path / "new" / "deep" / "data")
    deep.refusal("restore", bad)
    assert not (tmp_path / "new").exists()


def test_a_bad_archive_leaves_an_installation_whole(cli: CommandLine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    bad.write_bytes(b"no archive")
    before = sorted(path.name for path in cli.data.iterdir())
    assert "Nothing was changed" in cli.refusal("restore", bad, "--force")
    assert sorted(path.name for path in cli.data.iterdir()) == before
    assert len(cli.answer("list")) == 1


def test_a_missing_last_member_is_noticed(other: CommandLine, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        last = tar.getmembers()[-1]
    cut = archive.with_name("cut.tar")
    cut.write_bytes(archive.read_bytes()[: last.offset] + bytes(1024))
    assert "cut short" in other.refusal("restore", cut)


def test_a_flipped_byte_in_a_file_is_noticed(other: CommandLine, archive: Path) -> None:
    def flip(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if "-large-" in member.name:
            content = content[:100] + bytes([content[100] ^ 1]) + content[101:]
        return member, content

    assert "damaged" in other.refusal("restore", _changed(archive, flip))
    assert _is_untouched(other)


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "files/../../escaped", "files/pages/../x", "cron"]
)
def test_a_member_with_a_foreign_name_is_refused(
    other: CommandLine, archive: Path, tmp_path: Path, name: str
) -> None:
    def rename(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if "-large-" in member.name:
            member.name = name
        return member, content

    assert "does not belong in it" in other.refusal("restore", _changed(archive, rename))
    assert not (tmp_path / "escaped").exists()
    assert _is_untouched(other)


def test_a_link_in_an_archive_is_refused(other: CommandLine, archive: Path) -> None:
    def link(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if "-large-" in member.name:
            member.type, member.linkname = tarfile.SYMTYPE, "document.pdf"
        return member, content

    assert "not a plain file" in other.refusal("restore", _changed(archive, link))
    assert _is_untouched(other)


def test_what_is_no_archive_is_refused(other: CommandLine, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.tar"
    with tarfile.open(stranger, "w") as tar:
        tar.addfile(tarfile.TarInfo("readme"), io.BytesIO())
    assert "no archive of `bifolio backup`" in other.refusal("restore", stranger)
    assert "No such file" in other.refusal("restore", tmp_path / "absent.tar")


def test_a_damaged_database_is_refused(other: CommandLine, archive: Path) -> None:
    def damage(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if member.name == "bifolio.sqlite3":
            content = content[:8192] + b"\xff" * 8192 + content[16384:]
        return member, content

    assert "its database is damaged" in other.refusal("restore", _changed(archive, damage))
