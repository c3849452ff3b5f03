"""Give up what a renderer never needs, before the first byte of a document is read. Linux first."""

import ctypes
import os
import resource
import signal
import sys

from bifolio.conversion.context import EngineContext

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def lock_down(context: EngineContext, document_bytes: int) -> None:
    """Apply process limits for good; exit at once if the parent is gone already.

    The document is mapped into memory, so its own size is granted on top of the limit.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for option, value in (
            (_PR_SET_NO_NEW_PRIVS, 1),
            (_PR_SET_DUMPABLE, 0),
            (_PR_SET_PDEATHSIG, signal.SIGKILL),
        ):
            if libc.prctl(option, value, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != context.parent_pid:
        os._exit(1)
    hard_cpu_s = int(context.document_timeout_s) + 1
    memory_bytes = context.memory_bytes + document_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (hard_cpu_s, hard_cpu_s))


def grant_cpu(seconds: float) -> None:
    """Let the process use ``seconds`` more of CPU before the kernel ends it (SIGXCPU)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard_s = resource.getrlimit(resource.RLIMIT_CPU)
    soft_s = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft_s, hard_s), hard_s))
