"""Who may remove a folder of counts: nobody while its tree lives, the next tree once it is dead."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from bifolio.entry.metrics_folder import PREFIX, SHARED_FOLDER_VARIABLE, shared_metrics

HOLDER = """
import sys
from pathlib import Path
from bifolio.entry.metrics_folder import shared_metrics
with shared_metrics(Path(sys.argv[1])) as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED_FOLDER_VARIABLE, "")


def holder(parent: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def folder_of(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path(process.stdout.readline().strip())


def test_the_folder_of_a_living_tree_stays_and_that_of_a_killed_one_goes(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        folder = folder_of(process)
        with shared_metrics(tmp_path) as ours:
            assert folder.is_dir()
            assert ours != folder
        assert not ours.exists()
        process.kill()
        process.wait()
        assert folder.is_dir()
    with shared_metrics(tmp_path) as ours:
        assert list(tmp_path.iterdir()) == [ours]
        assert os.environ[SHARED_FOLDER_VARIABLE] == str(ours)


def test_a_folder_of_another_user_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / f"{PREFIX}theirs"
    theirs.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: theirs.stat().st_uid + 1)
    with shared_metrics(tmp_path):
        assert theirs.is_dir()


def test_what_a_link_points_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").write_text("no folder")
    with shared_metrics(tmp_path):
        assert elsewhere.is_dir()
        assert (tmp_path / f"{PREFIX}file").exists()


def test_trees_that_start_together_each_get_a_folder(tmp_path: Path) -> None:
    with ExitStack() as stack:
        holders = [stack.enter_context(holder(tmp_path)) for _ in range(4)]
        folders = {folder_of(process) for process in holders}
        assert len(folders) == 4
        assert all(folder.is_dir() for folder in folders)
    assert list(tmp_path.iterdir()) == []
