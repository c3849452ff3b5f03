import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.command_line import CommandLine

MakeFile = Callable[..., Path]


def _checks(cli: CommandLine, *arguments: str, code: int = 0) -> dict[str, Any]:
    answer = json.loads(cli.run("doctor", "--json", *arguments, code=code).stdout)
    assert answer["ok"] is (code == 0)
    return {check["name"]: check for check in answer["checks"]}


def test_all_is_well_with_a_new_installation(cli: CommandLine) -> None:
    checks = _checks(cli)
    for name in ("database", "storage", "sandbox", "clock", "secret key"):
        assert checks[name]["outcome"] == "ok", checks[name]
    assert "13 of 13 attempts to get out are stopped" in checks["sandbox"]["detail"]
    assert "synchronous FULL" in checks["database"]["detail"]


def test_it_says_that_cookies_are_secure_only_with_https(cli: CommandLine) -> None:
    detail = _checks(cli)["base URL"]["detail"]
    assert "Cookies are secure only when BIFOLIO_BASE_URL is https" in detail
    secure = CommandLine(cli.data, {"BIFOLIO_BASE_URL": "https://flipbooks.example.org"})
    assert _checks(secure)["base URL"]["outcome"] == "ok"


def test_it_finds_a_living_worker(cli: CommandLine) -> None:
    assert _checks(cli)["worker"]["outcome"] == "warning"
    with cli.serving():
        assert _checks(cli)["worker"]["outcome"] == "ok"


def test_it_finds_a_secret_key_that_others_can_read(cli: CommandLine) -> None:
    cli.run("list")
    (cli.data / "secret-key").chmod(0o644)
    check = _checks(cli, code=1)["secret key"]
    assert check["fix"] == f"chmod 600 {cli.data / 'secret-key'}"


def test_it_finds_a_secret_key_that_was_exchanged(cli: CommandLine) -> None:
    keys = [json.loads(cli.run("key", "create", "--json").stdout)["apiKey"] for _ in range(2)]
    other = CommandLine(cli.data, {"BIFOLIO_SECRET_KEY": "another one than that which sealed the secrets"})
    check = _checks(other, code=1)["secret key"]
    assert check["outcome"] == "failed"
    assert check["detail"].endswith(" " + ", ".join(keys))
    assert "back to the old one" in check["fix"]


def test_it_finds_a_store_that_cannot_be_written(cli: CommandLine) -> None:
    cli.run("list")
    (cli.data / "files").write_text("a file where the folder should be")
    assert _checks(cli, code=1)["storage"]["outcome"] == "failed"


def test_it_warns_of_a_data_folder_that_others_may_enter(cli: CommandLine) -> None:
    cli.run("list")
    cli.data.chmod(0o755)
    check = _checks(cli)["storage"]
    assert (check["outcome"], check["fix"]) == ("warning", f"chmod o-rwx {cli.data}")


def test_it_goes_on_when_the_database_is_away(cli: CommandLine) -> None:
    away = CommandLine(cli.data, {"BIFOLIO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"})
    checks = _checks(away, code=1)
    assert "BIFOLIO_DATABASE_URL" in checks["database"]["fix"]
    assert checks["storage"]["outcome"] == "ok"


def test_looking_deep_finds_every_flip_cut_and_loss(cli: CommandLine, make_file: MakeFile) -> None:
    cli.run("publish", make_file(pages=10))
    files = sorted(path for path in (cli.data / "files").glob("*/*/*") if path.is_file())
    assert _checks(cli, "--deep")["files"]["outcome"] == "ok"
    harmed = Random(7).sample(files, 20)
    for number, path in enumerate(harmed):
        _harm(path, number % 3)
    found = _checks(cli, "--deep", code=1)["files"]["detail"]
    assert found.startswith(f"20 of {len(files)}: ")


def _harm(path: Path, way: int) -> None:
    content = path.read_bytes()
    if way == 0:
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    elif way == 1:
        path.write_bytes(content[:-1])
    else:
        path.unlink()


def test_for_people_each_line_begins_with_the_outcome(cli: CommandLine) -> None:
    lines = cli.run("doctor").stdout.splitlines()
    assert all(line.startswith(("ok ", "warning ", "FAILED ", "         fix: ")) for line in lines)


def test_one_check_can_be_made_alone(cli: CommandLine) -> None:
    assert list(_checks(cli, "--only", "clock")) == ["clock"]
    assert "There are: database, storage" in cli.run("doctor", "--only", "weather", code=2).stderr.replace(
        "\n", " "
    )
