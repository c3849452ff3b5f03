"""Wake idle workers of this machine at once. A lost ring costs a second: workers also look by themselves.

Named pipes, because a path in the data folder may be too long for a socket's address.
"""

import os
import select
from contextlib import suppress
from pathlib import Path
from typing import Self

from bifolio.infra.configuration import configuration
from bifolio.infra.private_folders import make_private_folder


def ring_doorbells() -> None:
    """Wake every worker on this machine that waits for a job."""
    for bell in workers_folder(configuration().data).glob("*.bell"):
        ring(bell)


def ring(bell: Path) -> None:
    """Wake one worker. A bell that nobody listens to stays silent."""
    try:
        descriptor = os.open(bell, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    # A full pipe has been rung already.
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(descriptor, b"!")
    os.close(descriptor)


def workers_folder(data: Path) -> Path:
    """Return where workers of this machine keep their bells and locks; made at first need."""
    folder = data / "run" / "workers"
    make_private_folder(folder)
    return folder


class Doorbell:
    """A worker's own bell. On a file system without pipes it never rings, and ``wait`` only waits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        with suppress(OSError):
            os.mkfifo(path, 0o600)
            # Opened for writing too, so that it never reads as closed between two rings.
            self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, timeout_s: float) -> None:
        """Return when the bell rings or after ``timeout_s``; rings so far count as one."""
        poll = select.poll()
        if self._descriptor is not None:
            poll.register(self._descriptor, select.POLLIN)
        poll.poll(timeout_s * 1000)
        if self._descriptor is not None:
            with suppress(BlockingIOError):
                os.read(self._descriptor, 4096)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)
        if self._descriptor is not None:
            os.close(self._descriptor)
