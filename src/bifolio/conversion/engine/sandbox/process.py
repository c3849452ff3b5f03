"""Layers that are a call or two: privileges, descriptors, limits, user, parent."""

import os
import resource
import signal
from collections.abc import Collection

from bifolio.conversion.engine.sandbox import Unavailable, kernel

_MAX_DESCRIPTORS = 32


def give_up_privileges() -> str:
    """Never gain rights again, not even by a set-uid program. Landlock and seccomp ask for this."""
    if not kernel.IS_LINUX:
        raise Unavailable("needs Linux")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    return "no new privileges"


def close_descriptors(kept: Collection[int]) -> str:
    """Close whatever a library or a careless parent left open, but the first three and ``kept``."""
    highest, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    first = 3
    for descriptor in sorted({*kept, highest}):
        os.closerange(first, descriptor)
        first = max(first, descriptor + 1)
    return "no other open file"


def limit_resources() -> str:
    """No file may grow, no process be made, no memory be dumped. Memory and time wait for the document."""
    limits = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
    }
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    return "no file written, no process made"


def change_user(uid: int, gid: int) -> str:
    """Root becomes somebody who owns nothing; anybody else stays, for lack of the right to change."""
    if os.geteuid() != 0:
        return "the service's own user"
    if uid <= 0 or gid <= 0:
        raise Unavailable("there is no user to become")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    return f"user {uid}"


def bind_to_parent(parent_pid: int) -> str:
    """Die with the thread that made this process, and be opaque to others of the same user.

    Comes after any change of user, which clears both. A parent that is gone already ends the process.
    """
    detail = "ends with its input only"
    if kernel.IS_LINUX:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        detail = "dies with its parent, cannot be traced"
    if parent_pid and os.getppid() != parent_pid:
        os._exit(1)
    return detail
