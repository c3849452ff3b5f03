"""A child process never outlives its parent, however that dies. Must stay light: it runs first in a child."""

import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_parent(lifeline: int) -> None:
    """End this process when the parent ends. ``lifeline`` is the read end of a pipe that only it holds.

    Linux kills us with the parent; the pipe's end does it elsewhere, and covers a parent that
    died before this call. Must be called from the main thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True).start()


def _watch(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
