import os
import stat
from pathlib import Path

from bifolio.infra.private_folders import make_private_folder


def test_every_folder_that_is_made_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private_folder(tmp_path / "data" / "run" / "workers")
    finally:
        os.umask(before)
    made = [tmp_path / "data", tmp_path / "data" / "run", tmp_path / "data" / "run" / "workers"]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o750] * 3


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    make_private_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
