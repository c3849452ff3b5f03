from collections.abc import Callable
from pathlib import Path

from tests.command_line import CommandLine

MakeFile = Callable[..., Path]


def test_what_is_given_is_changed_and_a_published_draft_gets_its_link(
    cli: CommandLine, make_file: MakeFile
) -> None:
    draft = cli.answer("publish", make_file(), "--status", "editable", "--setting", "coverAlone=false")
    assert draft["playerSettings"] == {"coverAlone": "false"}
    facts = cli.answer(
        *(
            "change",
            draft["hash"],
            "--title",
            "Autumn",
            "--status",
            "public",
            "--setting",
            "doublePages=split",
        )
    )
    assert (facts["title"], facts["status"], facts["oldHashes"]) == ("Autumn", "public", draft["hash"])
    assert facts["playerSettings"] == {"coverAlone": "false", "doublePages": "split"}
    assert cli.run("change", draft["hash"]).stdout.strip() == facts["link"]


def test_a_setting_without_a_value_is_wrong_usage(cli: CommandLine, make_file: MakeFile) -> None:
    assert "NAME=VALUE" in cli.run("publish", make_file(), "--setting", "doublePages", code=2).stderr


def test_a_wrong_value_of_a_setting_changes_nothing(cli: CommandLine, make_file: MakeFile) -> None:
    book = cli.answer("publish", make_file())["hash"]
    said = cli.run("change", book, "--title", "New", "--setting", "doublePages=banana", code=2).stderr
    assert "whole, split" in said
    assert cli.answer("show", book)["title"] == "leaflet"
    cli.run("publish", make_file("other.pdf"), "--setting", "coverAlone=maybe", code=2)
    assert len(cli.answer("list")) == 1
