from collections.abc import Callable
from pathlib import Path

from tests.command_line import CommandLine


def test_it_deletes_only_what_was_confirmed(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    published = cli.answer("publish", make_file())
    assert "--yes" in cli.refusal("delete", published["hash"])
    assert len(cli.answer("list")) == 1
    cli.run("delete", published["hash"], "--yes")
    assert cli.answer("list") == []
    assert published["hash"] in cli.refusal("show", published["hash"])
