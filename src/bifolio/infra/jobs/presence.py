"""A worker's presence on its machine: a lock that the kernel drops at its death, and its doorbell.

Unlike process ids the lock cannot be mistaken: it holds over restarts, reused ids and containers
that share the data folder, and it tells a dead worker from a frozen one.
"""

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from bifolio.infra.jobs.doorbell import Doorbell


class Presence:
    """One worker's lock and bell, from ``with`` to its end. ``owner`` is its name in the database."""

    def __init__(self, folder: Path) -> None:
        self.owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._folder = folder
        self._stack = ExitStack()
        self.bell_path = folder / f"{self.owner}.bell"

    def __enter__(self) -> Self:
        lock = self._folder / f"{self.owner}.lock"
        # Locked before it gets its name, so that nobody ever sees a living worker's lock free.
        draft = lock.with_suffix(".draft")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._stack.callback(os.close, descriptor)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.rename(lock)
        draft.unlink(missing_ok=True)
        self._stack.callback(lock.unlink, missing_ok=True)
        self.bell = self._stack.enter_context(Doorbell(self.bell_path))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def dead_owners(folder: Path) -> Iterator[str]:
    """Yield the workers of this machine that died without taking their presence back."""
    for lock in folder.glob("*.lock"):
        if _is_free(lock):
            yield lock.name.removesuffix(".lock")


def forget_owner(folder: Path, owner: str) -> None:
    """Take a dead worker's lock and bell away, once its job has been taken over."""
    (folder / f"{owner}.bell").unlink(missing_ok=True)
    (folder / f"{owner}.lock").unlink(missing_ok=True)


def _is_free(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
