"""Locks of this machine's processes on files, which the kernel drops however their holder ends. No Django."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bifolio.infra.private_folders import make_private_folder
from bifolio.kernel.errors import BifolioError


@contextmanager
def exclusive_lock(path: Path, *, taken: BifolioError | None = None) -> Iterator[IO[str]]:
    """Hold ``path`` for this process alone, made with its folder when absent; yield it open to append.

    Raises ``taken`` when another holds it; without that it waits.
    """
    make_private_folder(path.parent)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if taken else 0))
        except BlockingIOError as error:
            assert taken is not None
            raise taken from error
        yield lock


def is_locked(path: Path) -> bool:
    """Tell whether some process holds ``path``. A file that is not there is held by nobody."""
    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
