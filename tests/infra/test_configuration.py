import stat
from pathlib import Path

import pytest

from bifolio.infra.configuration import Configuration, ConfigurationError, load_configuration, port_file
from bifolio.infra.settings import SETTINGS


def load(data: Path, **values: str) -> Configuration:
    return load_configuration({"BIFOLIO_DATA": str(data), **{f"BIFOLIO_{k}": v for k, v in values.items()}})


def test_it_works_with_nothing_set_but_a_folder(tmp_path: Path) -> None:
    found = load(tmp_path / "new" / "data")
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.database_url == f"sqlite:///{found.data}/bifolio.sqlite3"
    assert (found.calls_per_second, found.calls_per_minute, found.uploads_per_month) == (5, 60, 1000)
    assert (found.max_file_mb, found.max_pages) == (500, 1000)


def test_zero_switches_a_limit_off(tmp_path: Path) -> None:
    assert load(tmp_path, MAX_PAGES="0").max_pages is None


def test_it_keeps_a_secret_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_links_carry_the_port_of_the_running_server(tmp_path: Path) -> None:
    port_file(tmp_path).parent.mkdir()
    port_file(tmp_path).write_text("8123")
    assert load(tmp_path).base_url == "http://127.0.0.1:8123"


def test_it_names_an_unknown_setting_and_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, MAX_PAGE="5")
    assert caught.value.name == "BIFOLIO_MAX_PAGE"
    assert "BIFOLIO_MAX_PAGES" in caught.value.fix


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_PAGES", "many"),
        ("MAX_PAGES", "-1"),
        ("CALLS_PER_SECOND", "1.5"),
        ("CALLS_PER_MINUTE", ""),
        ("UPLOADS_PER_MONTH", "1 000"),
        ("MAX_FILE_MB", "500MB"),
        ("BASE_URL", "flipbooks.example.org"),
        ("BASE_URL", "http://example.org:99999"),
        ("BASE_URL", "ftp://flipbooks.example.org"),
        ("BASE_URL", "https://example.org/flipbooks"),
        ("HOSTS", "https://api.example.org"),
        ("PRIVATE_NETWORKS", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "localhost"),
        ("LOG_FORMAT", "xml"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://localhost/bifolio"),
        ("DATABASE_URL", "postgresql:"),
        ("DATABASE_URL", "postgresql://localhost:port/bifolio"),
        ("DATA", "/dev/null/data"),
        ("DATA", " "),
    ],
)
def test_it_refuses_a_malformed_value_and_says_what_to_do(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_configuration({"BIFOLIO_DATA": str(tmp_path), f"BIFOLIO_{name}": value})
    assert caught.value.name == f"BIFOLIO_{name}"
    assert caught.value.fix


def test_every_setting_says_what_it_means_and_how_to_mend_it() -> None:
    assert all(setting.meaning.endswith((".", "above).", "absent.")) and setting.fix for setting in SETTINGS)


def test_a_message_names_the_part_that_is_wrong_and_repeats_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, TRUSTED_PROXIES="10.0.0.0/8,nope")
    assert caught.value.problem == "'10.0.0.0/8,nope' is not a list of networks: 'nope' is none"
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, DATABASE_URL="postgresql://me:my-password@db:port/name")
    assert "my-password" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("MAX_PAGES", "-1", "'-1' is below 0"),
        ("MAX_PAGES", "many", "'many' is not a whole number of nine digits at most"),
        (
            "BASE_URL",
            "http://x/path",
            "'http://x/path' is an address with a path, and Bifolio answers at the ",
        ),
        (
            "RENDER_WRAPPER",
            "wrap 'it",
            '"wrap \'it" is not a command line: a quote or a backslash has no end',
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, name: str, value: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, **{name: value})
    assert caught.value.problem.startswith(problem)
