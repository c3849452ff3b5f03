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
