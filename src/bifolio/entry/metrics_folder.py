"""The folder in which the processes of one tree count together. No Django.

Apart from ``metrics``, whose library reads the variable when it is imported.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SHARED_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "bifolio-counts-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it


@contextmanager
def shared_metrics(parent: Path | None = None) -> Iterator[Path]:
    """Let all processes of the tree count in files of one folder; counts begin anew with the tree.

    In memory: a mapped file that cannot grow, because the disk is full, kills whoever counts.
    The folders of trees that were killed are removed first, wherever their data was.
    """
    parent = parent or (_MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir()))
    for folder in parent.glob(f"{PREFIX}*"):
        _remove_if_nobody_holds(folder)
    folder, lock = _held_folder(parent)
    os.environ[SHARED_FOLDER_VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _held_folder(parent: Path) -> tuple[Path, int]:
    """Make a folder and hold it with a lock, which the kernel drops however this process ends."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        # Until it is held, another tree that starts may find and remove it.
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _remove_if_nobody_holds(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        # Another user's, or gone by now.
        return
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)
