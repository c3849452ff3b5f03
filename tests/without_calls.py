"""Starts a program for which the kernel pretends to lack system calls: a stand-in for older systems.

    python tests/without_calls.py landlock,unshare ERRNO PROGRAM ARGUMENT...

Standard library only: it runs before a sandboxed engine, by any Python.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

NUMBERS = {"landlock": (444, 444), "unshare": (272, 97), "seccomp": (317, 277)}
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2


def main() -> None:
    names, reason, *command = sys.argv[1:]
    is_arm = platform.machine() == "aarch64"
    program = struct.pack("=HBBI", 0x20, 0, 0, 0)
    for name in names.split(","):
        program += struct.pack("=HBBI", 0x15, 0, 1, NUMBERS[name][is_arm])
        program += struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | getattr(errno, reason))
    program += struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
    code = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert libc.prctl(SET_SECCOMP, FILTER, header, 0, 0) == 0
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
