from tests.command_line import CommandLine

_KEY = "45FD-267-EXAMPLE01"


def test_create_works_on_an_empty_folder(cli: CommandLine) -> None:
    pair = cli.answer("key", "create", "--label", "shop")
    assert set(pair) == {"apiKey", "secret", "account"}
    (listed,) = cli.answer("key", "list")
    assert (listed["apiKey"], listed["account"], listed["label"]) == (pair["apiKey"], pair["account"], "shop")


def test_the_secret_is_on_standard_output_once_and_never_in_the_list(cli: CommandLine) -> None:
    pair = cli.answer("key", "create")
    shown = cli.run("key", "list")
    assert pair["apiKey"] in shown.stdout
    assert pair["secret"] not in shown.stdout + shown.stderr


def test_the_secret_is_not_in_the_data_folder_in_clear(cli: CommandLine) -> None:
    secret = cli.answer("key", "create")["secret"].encode()
    holding = [path for path in cli.data.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holding == []


def test_import_reads_the_secret_from_standard_input_and_keeps_the_account(cli: CommandLine) -> None:
    ended = cli.run("key", "import", _KEY, "--account", "ABCDEFGHIJK", typed="a secret\n")
    assert "ABCDEFGHIJK" in ended.stdout
    assert "a secret" not in ended.stdout + ended.stderr
    assert [key["apiKey"] for key in cli.answer("key", "list", "--account", "ABCDEFGHIJK")] == [_KEY]


def test_import_without_a_secret_says_how_to_give_one(cli: CommandLine) -> None:
    assert "< secret.txt" in cli.refusal("key", "import", _KEY)


def test_import_refuses_a_known_key_and_a_wrong_account(cli: CommandLine) -> None:
    cli.run("key", "import", _KEY, typed="a secret\n")
    assert _KEY in cli.refusal("key", "import", _KEY, typed="another\n")
    assert "11 upper-case" in cli.refusal("key", "import", "K", "--account", "short", typed="secret\n")


def test_a_revoked_key_is_listed_as_such_and_cannot_be_revoked_again(cli: CommandLine) -> None:
    key = cli.answer("key", "create")["apiKey"]
    cli.run("key", "revoke", key)
    assert cli.answer("key", "list")[0]["revoked"] != ""
    assert key in cli.refusal("key", "revoke", key)


def test_an_unknown_account_is_named(cli: CommandLine) -> None:
    assert "ABCDEFGHIJK" in cli.refusal("key", "list", "--account", "ABCDEFGHIJK")
