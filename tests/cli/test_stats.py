import json
from collections.abc import Callable
from pathlib import Path

from tests.command_line import CommandLine

_NOTHING = {"impressions": 0, "views": 0, "time_spent_s": 0, "downloads": 0}


def test_it_counts_by_workspace_flipbook_and_page(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    published = cli.answer("publish", make_file(pages=3))
    (workspace,) = cli.answer("stats")
    assert {name: workspace[name] for name in _NOTHING} == _NOTHING
    assert cli.answer("stats", published["hash"]) == _NOTHING
    assert [row["page"] for row in cli.answer("stats", published["hash"], "--pages")] == [1, 2, 3]
    dated = cli.run("stats", published["hash"], "--from", "2026-01-01", "--to", "2026-12-31", "--json")
    assert json.loads(dated.stdout) == _NOTHING


def test_days_and_pages_need_a_flipbook(cli: CommandLine) -> None:
    assert "need a HASH" in cli.run("stats", "--pages", code=2).stderr
    wrong = cli.run("stats", "abcdefghij", "--from", "2026-13-01", code=2).stderr
    assert "“2026-13-01” is not a date; write YYYY-MM-DD" in wrong
    assert "before" in cli.run("stats", "abc", "--from", "2026-02-01", "--to", "2026-01-01", code=2).stderr
