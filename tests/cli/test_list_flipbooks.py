from collections.abc import Callable
from pathlib import Path

from tests.command_line import CommandLine


def test_it_lists_every_workspace_or_one_of_them(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    mine = cli.answer("publish", make_file("mine.pdf"))
    theirs = cli.answer("publish", make_file("theirs.pdf"), "--account", "ABCDEFGHIJK")
    assert {row["hash"] for row in cli.answer("list")} == {mine["hash"], theirs["hash"]}
    assert [row["hash"] for row in cli.answer("list", "--account", "ABCDEFGHIJK")] == [theirs["hash"]]


def test_the_newest_comes_first_whatever_its_workspace(
    cli: CommandLine, make_file: Callable[..., Path]
) -> None:
    accounts: list[list[str]] = [["--account", "ABCDEFGHIJK"], [], ["--account", "ABCDEFGHIJK"]]
    hashes = [
        cli.answer("publish", make_file(f"{number}.pdf"), *account)["hash"]
        for number, account in enumerate(accounts)
    ]
    assert [row["hash"] for row in cli.answer("list")] == hashes[::-1]


def test_in_a_pipe_each_flipbook_is_one_line_with_tabs(
    cli: CommandLine, make_file: Callable[..., Path]
) -> None:
    cli.run("publish", make_file())
    header, row = cli.run("list").stdout.splitlines()
    assert header.split("\t")[:2] == ["HASH", "TITLE"]
    assert row.split("\t")[1:5] == ["leaflet", "public", "complete", "2"]


def test_an_empty_installation_says_what_to_do_next(cli: CommandLine) -> None:
    assert "bifolio publish" in cli.run("list").stderr
    assert cli.answer("list") == []
