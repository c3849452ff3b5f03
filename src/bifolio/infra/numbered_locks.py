"""Locks by number, for this machine's processes: each is a byte of one file that is never written. No Django.

The kernel drops them however their holder ends, and none leaves a file of its own behind.
"""

import fcntl
import functools
import os
import threading
from pathlib import Path

from bifolio.infra.private_folders import make_private_folder


class NumberedLocks:
    """Locks on the bytes of ``path``. Threads of this process keep each other out as processes do.

    Make one for a file in a process and never close it: closing any descriptor of a file gives up
    all locks that the process has on it.
    """

    def __init__(self, path: Path) -> None:
        make_private_folder(path.parent)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
        self._held: set[int] = set()
        self._guard = threading.Lock()

    def try_lock(self, number: int) -> bool:
        """Take a lock unless somebody has it; never waits. ``number`` has at most 62 bits."""
        with self._guard:
            if number in self._held:
                return False
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
            except (BlockingIOError, PermissionError):
                return False
            self._held.add(number)
            return True

    def unlock(self, number: int) -> None:
        """Give a lock back."""
        with self._guard:
            self._held.remove(number)
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, number)


@functools.cache
def numbered_locks(path: Path) -> NumberedLocks:
    """Return the process's locks on the bytes of ``path``."""
    return NumberedLocks(path)
