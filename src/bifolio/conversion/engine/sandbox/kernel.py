"""Calls into the kernel for which Python has no function of its own."""

import ctypes
import os
import platform
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
"""The processor's name as Linux has it."""
IS_LINUX = sys.platform == "linux"

_libc = ctypes.CDLL(None, use_errno=True)
Argument = int | ctypes.c_void_p | ctypes.Array[ctypes.c_char] | None


def prctl(option: int, first: Argument, second: Argument = 0) -> None:
    """Change a trait of this process. Raises OSError."""
    _check(_libc.prctl(option, *map(_word, (first, second, 0, 0))), f"prctl {option}")


def system_call(number: int, *arguments: Argument) -> int:
    """Make a system call that libc does not know yet. Raises OSError."""
    _libc.syscall.restype = ctypes.c_long
    return _check(_libc.syscall(ctypes.c_long(number), *map(_word, arguments)), f"system call {number}")


def unshare(flags: int) -> None:
    """Leave namespaces for new ones. Raises OSError."""
    _check(_libc.unshare(flags), "unshare")


def reason_of(error: OSError) -> str:
    """The error's name, as manual pages have it."""
    import errno

    return errno.errorcode.get(error.errno or 0, str(error))


def _word(argument: Argument) -> object:
    """The argument as wide as a register: libc's variadic functions take what they are given."""
    return ctypes.c_ulong(argument) if isinstance(argument, int) else argument


def _check(result: int, name: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result
