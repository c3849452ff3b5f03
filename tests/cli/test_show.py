import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.command_line import CommandLine


def test_it_shows_facts_and_links_of_a_flipbook(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    published = cli.answer("publish", make_file("atlas.pdf"))
    facts = cli.answer("show", published["hash"])
    assert facts == published
    assert (facts["file"], facts["pages"], facts["state"]) == ("atlas.pdf", 2, "complete")
    assert facts["hash"] in facts["link"]
    assert "<iframe" in facts["embed"]
    shown = cli.run("show", published["hash"]).stdout
    assert published["link"] in shown
    assert "Failure" not in shown
    assert "rendered" not in shown


def test_a_draft_is_shown_with_its_preview_pass(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    draft = cli.answer("publish", make_file(), "--status", "editable")
    for name in ("link", "fullView", "text", "cover"):
        assert "?preview=" in draft[name], name
    assert "&preview=" in draft["player"]


def test_escapes_in_a_title_stay_off_the_terminal(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    published = cli.answer("publish", make_file(), "--title", "red \x1b[31m")
    assert "\x1b" not in cli.run("show", published["hash"]).stdout
    assert "\x1b" not in cli.run("list").stdout


def test_an_unknown_hash_is_named(cli: CommandLine) -> None:
    assert "abcdefghij" in cli.refusal("show", "abcdefghij")


def test_the_pages_that_a_failed_conversion_has_reached_are_named(
    cli: CommandLine, make_file: Callable[..., Path]
) -> None:
    flipbook = cli.answer("publish", make_file(pages=3))["hash"]
    with closing(sqlite3.connect(cli.data / "bifolio.sqlite3")) as database, database:
        database.execute("UPDATE publishing_edition SET state = 'failed', failure = 'out_of_time'")
        database.execute("DELETE FROM publishing_page WHERE number = 2")
    facts = cli.answer("show", flipbook)
    assert (facts["state"], facts["reached"]) == ("failed", "1, 3")
    assert f"-{flipbook}.html?preview=" in facts["preview"]
