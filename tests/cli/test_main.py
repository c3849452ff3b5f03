import sqlite3
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bifolio.cli.main import app
from tests.command_line import CommandLine

_COMMANDS = (
    *("serve", "web", "worker", "publish", "list", "show", "delete", "stats"),
    *("maintenance", "backup", "restore", "doctor", "key"),
)


def test_it_answers_its_version(cli: CommandLine) -> None:
    assert cli.run("--version").stdout.startswith("bifolio 0.")


def test_its_help_names_every_command() -> None:
    listed = CliRunner().invoke(app, ["--help"]).output
    assert [name for name in _COMMANDS if f"│ {name} " not in listed] == []


@pytest.mark.parametrize("command", [*_COMMANDS, "key create", "key import", "key list", "key revoke"])
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "-h"])
    assert f"Usage: bifolio {command}" in shown.output


def test_help_loads_no_django() -> None:
    look = "import sys, bifolio.cli.main; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_it_refuses_an_unknown_setting_and_names_the_near_one(cli: CommandLine) -> None:
    wrong = CommandLine(cli.data, {"BIFOLIO_BASEURL": "http://localhost"})
    assert "Did you mean BIFOLIO_BASE_URL?" in wrong.refusal("list", code=2)


def test_it_refuses_a_wrong_option_with_2(cli: CommandLine) -> None:
    assert "--nonsense" in cli.run("list", "--nonsense", code=2).stderr


def test_a_database_that_is_away_is_one_line(cli: CommandLine) -> None:
    away = CommandLine(cli.data, {"BIFOLIO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"})
    assert "BIFOLIO_DATABASE_URL" in away.refusal("list")


def test_where_an_error_came_from_is_shown_only_when_asked_for(cli: CommandLine) -> None:
    assert "Traceback" not in cli.refusal("show", "abcdefghij")
    assert "Traceback" in cli.run("--traceback", "show", "abcdefghij", code=1).stderr


def test_a_database_of_a_newer_version_is_left_alone(cli: CommandLine) -> None:
    cli.run("list")
    add = "INSERT INTO django_migrations (app, name, applied) VALUES ('stats', '9999_later', '2030-01-01')"
    with sqlite3.connect(cli.data / "bifolio.sqlite3") as database:
        database.execute(add)
    database.close()
    assert "stats.9999_later" in cli.refusal("list")


def test_a_reader_that_has_enough_ends_it_quietly(cli: CommandLine) -> None:
    command = cli.start("list", "--json")
    assert command.stdout is not None
    command.stdout.close()
    command.stdout = None
    _, errors = command.communicate(timeout=60)
    assert errors == ""


def test_several_first_commands_at_once_migrate_once(cli: CommandLine) -> None:
    started = [cli.start("key", "create", "--json") for _ in range(4)]
    for command in started:
        _, errors = command.communicate(timeout=60)
        assert command.returncode == 0, errors
    assert len(cli.answer("key", "list")) == 4
