import os
import signal
import subprocess
from pathlib import Path

from bifolio.infra.incoming import LEFTOVER_AGE_S, incoming_folder
from tests.live_database import Installation
from tests.waiting import wait_until


def test_a_worker_sweeps_what_killed_web_processes_left_of_uploads(tmp_path: Path) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'bifolio.sqlite3'}")
    old, fresh = (incoming_folder(tmp_path) / name for name in ("old.part", "fresh.part"))
    for path in (old, fresh):
        path.write_bytes(b"half an upload")
    long_ago = old.stat().st_mtime - LEFTOVER_AGE_S - 60
    os.utime(old, (long_ago, long_ago))
    worker = installation.start("bifolio.entry.worker_process", stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: not old.exists(), timeout_s=60)
        assert fresh.exists()
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(40) == 0
