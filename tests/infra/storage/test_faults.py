"""The local store under killed, full and broken system calls: what was acknowledged is whole (R1, R2, R3)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.infra.storage.local import LocalStorage
from tests.infra.storage.writer_main import BLOBS, ORIGINAL
from tests.live_database import ROOT

STRACE = shutil.which("strace")
# Not openat: the interpreter opens hundreds of files of its own.
CALLS = ["write", "fsync", "rename", "mkdir", "link", "unlink"]
FAULTS = ["signal=KILL", "error=ENOSPC", "error=EIO"]
SAMPLE = [("rename", 2), ("rename", 5), ("fsync", 2), ("write", 3), ("mkdir", 3), ("link", 1)]
pytestmark = pytest.mark.skipif(STRACE is None, reason="needs strace (apt-get install strace)")


def acknowledged(root: Path, call: str, fault: str, when: int) -> tuple[list[str], bool]:
    """Run the writer with the fault. Return what it acknowledged, and whether the fault struck."""
    trace = root.parent / "trace"
    done = subprocess.run(
        [
            STRACE or "", "-f", "-qq", "-o", str(trace),
            "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}",
            sys.executable, "-m", "tests.infra.storage.writer_main", str(root),
        ],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )  # fmt: skip
    return done.stdout.decode().split(), done.returncode != 0


def check(root: Path, done: list[str]) -> None:
    store = LocalStorage(root)
    copies = [("guarded/token2/" + key.rpartition("/")[2], data) for key, data in BLOBS if "token0/" in key]
    for step, blobs in (("adopted", [ORIGINAL]), ("put", BLOBS), ("copied", copies)):
        for key, data in blobs:
            if step in done or store.exists(key):
                with store.open_range(key) as file:
                    assert file.read() == data, f"{key} is not whole after {done}"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("call", "when"), SAMPLE)
def test_what_was_acknowledged_is_whole(tmp_path: Path, call: str, when: int, fault: str) -> None:
    root = tmp_path / "files"
    done, has_struck = acknowledged(root, call, fault, when)
    assert has_struck
    assert done[0] == "ready"
    check(root, done)


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_no_point_of_a_write_breaks_it(tmp_path: Path, call: str, fault: str) -> None:
    for when in range(1, 200):
        root = tmp_path / str(when) / "files"
        root.parent.mkdir()
        done, has_struck = acknowledged(root, call, fault, when)
        check(root, done)
        if not has_struck:
            assert done == ["ready", "adopted", "put", "copied"]
            return
    pytest.fail("more system calls than expected")
