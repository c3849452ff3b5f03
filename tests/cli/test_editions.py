"""Editions of one flipbook: replaced, listed, gone back to, converted anew."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.locked_documents import make_locked_pdf

MakeFile = Callable[..., Path]


@pytest.fixture
def flipbook(cli: CommandLine, make_file: MakeFile) -> str:
    """A flipbook of two pages."""
    published: str = cli.answer("publish", make_file("first.pdf", pages=2))["hash"]
    return published


def shown(cli: CommandLine, flipbook: str) -> int:
    (number,) = [each["edition"] for each in cli.answer("editions", flipbook) if each["shown"]]
    return int(number)


def test_a_new_edition_keeps_the_hash_and_brings_its_title(
    cli: CommandLine, make_file: MakeFile, flipbook: str
) -> None:
    facts = cli.answer("publish", make_file("second.pdf", pages=3), "--replace", flipbook)
    assert (facts["hash"], facts["title"], facts["pages"]) == (flipbook, "second", 3)
    newest, oldest = cli.answer("editions", flipbook)
    assert (newest["edition"], newest["file"], newest["pages"], newest["shown"]) == (2, "second.pdf", 3, True)
    assert (oldest["edition"], oldest["state"], oldest["leaves"]) == (1, "complete", "")
    assert "pypdfium2 " in oldest["engine"]
    header, first, _ = cli.run("editions", flipbook).stdout.splitlines()
    assert header.split("\t")[0] == "EDITION"
    assert first.split("\t")[0] == "2"


def test_one_that_fails_leaves_the_old_one_and_says_why(
    cli: CommandLine, flipbook: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing of use")
    assert "damaged" in cli.refusal("publish", broken, "--replace", flipbook)
    facts = cli.answer("show", flipbook)
    assert (facts["state"], facts["pages"]) == ("complete", 2)
    assert "damaged" in facts["failure"]
    assert shown(cli, flipbook) == 1


def test_replacing_needs_no_other_place(cli: CommandLine, make_file: MakeFile, flipbook: str) -> None:
    assert "--once" in cli.run("publish", make_file(), "--replace", flipbook, "--once", code=2).stderr
    assert "no flipbook" in cli.refusal("publish", make_file(), "--replace", "zzzzzzzzzz")


def test_an_earlier_edition_is_shown_again(cli: CommandLine, make_file: MakeFile, flipbook: str) -> None:
    assert "no earlier edition" in cli.refusal("rollback", flipbook)
    cli.run("publish", make_file("second.pdf"), "--replace", flipbook)
    ended = cli.run("rollback", flipbook)
    assert ended.stdout.strip().endswith(f"-{flipbook}.html")
    assert "edition 1" in ended.stderr
    assert shown(cli, flipbook) == 1
    cli.run("rollback", flipbook, "2")
    assert shown(cli, flipbook) == 2
    assert "no edition 7" in cli.refusal("rollback", flipbook, "7")


def test_reconverting_supersedes_the_edition_and_counts_no_upload(cli: CommandLine, flipbook: str) -> None:
    spent = CommandLine(cli.data, {"BIFOLIO_UPLOADS_PER_MONTH": "1"})
    assert spent.answer("reconvert", flipbook) == [{"hash": flipbook, "edition": 2, "failure": ""}]
    newest, oldest = cli.answer("editions", flipbook)
    assert (newest["shown"], newest["file"], newest["leaves"]) == (True, "first.pdf", "")
    assert oldest["leaves"] != ""
    # The two editions name one original: an archive holds it once, and is whole.
    archive = cli.data.with_name("backup.tar")
    cli.run("backup", archive)
    restored = CommandLine(cli.data.with_name("restored"))
    restored.run("restore", archive)
    assert [each["edition"] for each in restored.answer("editions", flipbook)] == [2, 1]


def test_all_or_those_of_another_engine_are_reconverted(cli: CommandLine, flipbook: str) -> None:
    ended = cli.run("reconvert", "--older-than-engine")
    assert ended.stdout == "Converted anew: 0 of 0.\n"
    ended = cli.run("reconvert", "--all")
    assert ended.stdout == "Converted anew: 1 of 1.\n"
    assert flipbook in ended.stderr
    assert "Name flipbooks" in cli.run("reconvert", code=2).stderr
    assert "Name flipbooks" in cli.run("reconvert", flipbook, "--all", code=2).stderr


class TestPassword:
    PASSWORD = "open sesame"

    @pytest.fixture
    def locked(self, tmp_path: Path) -> Path:
        path = tmp_path / "locked.pdf"
        path.write_bytes(make_locked_pdf(self.PASSWORD))
        return path

    def test_it_is_read_from_standard_input_or_from_a_file(
        self, cli: CommandLine, locked: Path, tmp_path: Path
    ) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text(f"{self.PASSWORD}\nand more\n")
        cli.run("publish", locked, "--password", typed=f"{self.PASSWORD}\n")
        cli.run("publish", locked, "--password-file", secret)
        assert [each["pages"] for each in cli.answer("list")] == [2, 2]
        hashes = [each["hash"] for each in cli.answer("list")]
        assert cli.run("reconvert", *hashes).stdout == "Converted anew: 2 of 2.\n"

    def test_a_missing_and_a_wrong_one_are_told_apart(self, cli: CommandLine, locked: Path) -> None:
        assert "is locked with a password" in cli.refusal("publish", locked)
        assert "--password" in cli.refusal("publish", locked)
        assert "does not open" in cli.refusal("publish", locked, "--password", typed="guess\n")
        both = cli.run("publish", locked, "--password", "--password-file", locked, code=2)
        assert "do not go together" in both.stderr
        assert "no password to read" in cli.refusal("publish", locked, "--password", typed="\n")
        absent = locked.with_name("absent.txt")
        assert "absent.txt" in cli.refusal("publish", locked, "--password-file", absent)

    def test_it_stands_in_no_list_of_processes(self, cli: CommandLine, tmp_path: Path) -> None:
        path, secret = tmp_path / "long.pdf", tmp_path / "secret.txt"
        path.write_bytes(make_locked_pdf(self.PASSWORD, pages=150))
        secret.write_text(self.PASSWORD)
        command = cli.start("publish", path, "--password-file", secret)
        seen: set[str] = set()
        while command.returncode is None:
            seen |= {_arguments(process) for process in Path("/proc").iterdir() if process.name.isdigit()}
            with suppress(subprocess.TimeoutExpired):
                command.communicate(timeout=0.05)
        assert command.returncode == 0
        assert any("bifolio.conversion" in arguments for arguments in seen), "the engine was seen"
        assert not any(self.PASSWORD in arguments for arguments in seen)


def _arguments(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
