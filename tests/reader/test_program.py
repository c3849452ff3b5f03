import sys
from pathlib import Path

import pytest

from bifolio.reader.program import program_name


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone's ``.venv/bin/bifolio``, whose Python runs, from the clone's folder."""
    path = tmp_path / ".venv" / "bin" / "bifolio"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(path.with_name("python")))
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.usefixtures("program")
def test_in_a_clone_it_is_named_from_the_clone() -> None:
    assert program_name() == ".venv/bin/bifolio"


def test_where_the_path_finds_it_its_name_is_enough(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert program_name() == "bifolio"


@pytest.mark.usefixtures("program")
def test_from_elsewhere_the_machines_folders_stay_untold(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert program_name() == "bifolio"
