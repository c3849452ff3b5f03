import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WANTED = (
    "bifolio/reader/static/player/assets.json",
    "bifolio/reader/templates/reader/player.html",
    "bifolio/publishing/migrations/0001_initial.py",
    "bifolio-0.1.0.dist-info/licenses/LICENSE",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w"]
    subprocess.run([*command, str(folder), "."], check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.namelist()


@pytest.mark.parametrize("name", WANTED)
def test_the_wheel_is_the_whole_product(names: list[str], name: str) -> None:
    assert name in names


def test_the_wheel_brings_the_built_player_and_nothing_of_the_tests(names: list[str]) -> None:
    assert [name for name in names if name.startswith("bifolio/reader/static/player/player-")]
    assert not [name for name in names if name.startswith(("tests/", "sample/", "player/"))]


def test_the_built_player_is_not_in_git() -> None:
    if not Path(".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "src/bifolio/reader/static"], capture_output=True, check=True)
    assert listed.stdout == b""
