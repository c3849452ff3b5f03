"""Which sandbox settings no process of Bifolio starts with."""

import os
from pathlib import Path

import pytest

from bifolio.conversion.sandbox_policy import SandboxPolicy, sandbox_policy, set_sandbox_policy
from bifolio.infra.configuration import ConfigurationError, load_configuration
from bifolio.publishing.sandbox import adopt_sandbox_settings
from tests.command_line import CommandLine

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


def adopt(data: Path, **values: str) -> SandboxPolicy:
    before = sandbox_policy()
    environ = {f"BIFOLIO_{name}": value for name, value in values.items()}
    try:
        adopt_sandbox_settings(load_configuration({"BIFOLIO_DATA": str(data), **environ}))
        return sandbox_policy()
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


@pytest.mark.parametrize("wrapper", ["no-such-program --x", "/nonexistent/wrapper", "{data}", "{data}/plain"])
def test_a_wrapper_that_cannot_be_executed_is_refused(tmp_path: Path, wrapper: str) -> None:
    (tmp_path / "plain").write_text("not executable")
    with pytest.raises(ConfigurationError) as caught:
        adopt(tmp_path, RENDER_WRAPPER=wrapper.format(data=tmp_path))
    assert caught.value.name == "BIFOLIO_RENDER_WRAPPER"
    assert "unset" in caught.value.fix


def test_a_wrapper_is_found_on_the_path_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "wrap"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert adopt(tmp_path, RENDER_WRAPPER="wrap -x").wrapper == (str(program), "-x")
    monkeypatch.chdir(tmp_path)
    assert adopt(tmp_path, RENDER_WRAPPER="./wrap").wrapper == (str(program),)


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("worker",)])
def test_nothing_starts_behind_a_wrapper_that_is_missing(tmp_path: Path, command: tuple[str, ...]) -> None:
    settings = {"BIFOLIO_RENDER_WRAPPER": "/nonexistent/wrapper"}
    line = CommandLine(tmp_path / "data", settings).refusal(*command, code=2)
    assert line.startswith("bifolio: BIFOLIO_RENDER_WRAPPER: there is no program '/nonexistent/wrapper'")
