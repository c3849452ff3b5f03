"""Which system calls an engine may make, with their numbers on each processor.

The numbers are those of asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64); None where a
processor does not have the call. Everything that is not listed is refused (EPERM); what only a
taken-over engine would call ends it.
"""

import enum
from typing import NamedTuple


class Rule(enum.Enum):
    """What becomes of a call. All but the first two look at an argument."""

    ALLOW = enum.auto()
    KILL = enum.auto()
    READ_ONLY_2ND = enum.auto()
    """Allowed when the flags in the second argument open for reading."""
    READ_ONLY_3RD = enum.auto()
    NOT_EXECUTABLE = enum.auto()
    """Allowed unless the third argument asks for memory that can be executed."""
    ABOUT_DESCRIPTOR = enum.auto()
    """Allowed when the second argument asks about a descriptor or copies it: others have signals sent."""
    SELF = enum.auto()
    """Allowed when the first argument is 0 or this process."""


class SystemCall(NamedTuple):
    """One call: its name, its number on each processor, and what becomes of it."""

    name: str
    x86_64: int | None
    aarch64: int | None
    rule: Rule = Rule.ALLOW


_WORK = (
    # Reading the document, the fonts; writing frames.
    SystemCall("read", 0, 63),
    SystemCall("write", 1, 64),
    SystemCall("readv", 19, 65),
    SystemCall("writev", 20, 66),
    SystemCall("pread64", 17, 67),
    SystemCall("lseek", 8, 62),
    SystemCall("close", 3, 57),
    SystemCall("recvmsg", 47, 212),
    SystemCall("open", 2, None, Rule.READ_ONLY_2ND),
    SystemCall("openat", 257, 56, Rule.READ_ONLY_3RD),
    SystemCall("fcntl", 72, 25, Rule.ABOUT_DESCRIPTOR),
    SystemCall("fstat", 5, 80),
    SystemCall("stat", 4, None),
    SystemCall("lstat", 6, None),
    SystemCall("newfstatat", 262, 79),
    SystemCall("statx", 332, 291),
    SystemCall("getdents64", 217, 61),
    SystemCall("readlink", 89, None),
    SystemCall("readlinkat", 267, 78),
    SystemCall("getcwd", 79, 17),
    # Memory.
    SystemCall("brk", 12, 214),
    SystemCall("mmap", 9, 222, Rule.NOT_EXECUTABLE),
    SystemCall("mprotect", 10, 226, Rule.NOT_EXECUTABLE),
    SystemCall("munmap", 11, 215),
    SystemCall("mremap", 25, 216),
    SystemCall("madvise", 28, 233),
    # Time, randomness, and what a process asks about itself.
    SystemCall("clock_gettime", 228, 113),
    SystemCall("clock_getres", 229, 114),
    SystemCall("gettimeofday", 96, 169),
    SystemCall("time", 201, None),
    SystemCall("times", 100, 153),
    SystemCall("getrandom", 318, 278),
    SystemCall("getpid", 39, 172),
    SystemCall("getppid", 110, 173),
    SystemCall("gettid", 186, 178),
    SystemCall("getuid", 102, 174),
    SystemCall("geteuid", 107, 175),
    SystemCall("getgid", 104, 176),
    SystemCall("getegid", 108, 177),
    SystemCall("getrusage", 98, 165),
    SystemCall("sysinfo", 99, 179),
    SystemCall("uname", 63, 160),
    SystemCall("sched_getaffinity", 204, 123),
    SystemCall("prlimit64", 302, 261, Rule.SELF),
    # Locks, signals to itself (abort sends one), and the end.
    SystemCall("futex", 202, 98),
    SystemCall("sched_yield", 24, 124),
    SystemCall("restart_syscall", 219, 128),
    SystemCall("rt_sigaction", 13, 134),
    SystemCall("rt_sigprocmask", 14, 135),
    SystemCall("rt_sigreturn", 15, 139),
    SystemCall("sigaltstack", 131, 132),
    SystemCall("tgkill", 234, 131, Rule.SELF),
    SystemCall("exit", 60, 93),
    SystemCall("exit_group", 231, 94),
)
_TREASON = (
    ("socket", 41, 198),
    ("socketpair", 53, 199),
    ("connect", 42, 203),
    ("bind", 49, 200),
    ("sendto", 44, 206),
    ("sendmsg", 46, 211),
    ("execve", 59, 221),
    ("execveat", 322, 281),
    ("ptrace", 101, 117),
    ("process_vm_readv", 310, 270),
    ("process_vm_writev", 311, 271),
    ("pidfd_open", 434, 434),
    ("pidfd_getfd", 438, 438),
    ("bpf", 321, 280),
    ("perf_event_open", 298, 241),
    ("userfaultfd", 323, 282),
    ("io_uring_setup", 425, 425),
    ("io_uring_enter", 426, 426),
    ("io_uring_register", 427, 427),
    ("unshare", 272, 97),
    ("setns", 308, 268),
    ("mount", 165, 40),
    ("umount2", 166, 39),
    ("pivot_root", 155, 41),
    ("chroot", 161, 51),
    ("open_by_handle_at", 304, 265),
    ("init_module", 175, 105),
    ("finit_module", 313, 273),
    ("kexec_load", 246, 104),
    ("add_key", 248, 217),
    ("request_key", 249, 218),
    ("keyctl", 250, 219),
)
SYSTEM_CALLS = (*_WORK, *(SystemCall(*named, Rule.KILL) for named in _TREASON))
