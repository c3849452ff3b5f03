"""Which sandbox settings no process of Bifolio starts with."""

import os
from pathlib import Path

import pytest

from bifolio.conversion.sandbox_policy import sandbox_policy, set_sandbox_policy
from bifolio.infra.configuration import ConfigurationError, load_configuration
from bifolio.publishing.sandbox import adopt_sandbox_settings
from tests.command_line import CommandLine

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


def adopt(data: Path, **values: str) -> None:
    before = sandbox_policy()
    environ = {f"BIFOLIO_{name}": value for name, value in values.items()}
    try:
        adopt_sandbox_settings(load_configuration({"BIFOLIO_DATA": str(data), **environ}))
    finally:
        set_sandbox_policy(before)


@as_root
@pytest.mark.parametrize("user", ["nosuchuser", "", "root", "0", "00", "4294967295"])
def test_root_refuses_a_user_who_is_nobody_at_all_or_root(tmp_path: Path, user: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        adopt(tmp_path, SANDBOX_USER=user)
    assert caught.value.name == "BIFOLIO_SANDBOX_USER"
    assert "such as nobody" in caught.value.fix


@as_root
@pytest.mark.parametrize("user", ["nobody", "61234"])
def test_root_takes_an_ordinary_user_by_name_or_number(tmp_path: Path, user: str) -> None:
    adopt(tmp_path, SANDBOX_USER=user)


def test_who_is_not_root_needs_no_other_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    adopt(tmp_path, SANDBOX_USER="nosuchuser")


@as_root
@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("web", "--port", "0"), ("worker",), ("doctor",)]
)
def test_nothing_starts_that_would_read_documents_as_root(tmp_path: Path, command: tuple[str, ...]) -> None:
    settings = {"BIFOLIO_SANDBOX_USER": "nosuchuser"}
    line = CommandLine(tmp_path / "data", settings).refusal(*command, code=2)
    assert line.startswith("bifolio: BIFOLIO_SANDBOX_USER: 'nosuchuser' is no user of this machine")
