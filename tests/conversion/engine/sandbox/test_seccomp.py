"""The filter's program, run on a small model of the kernel's machine, for both processors."""

import fcntl
import os
import struct

import pytest

from bifolio.conversion.engine.sandbox import seccomp
from bifolio.conversion.engine.sandbox.system_calls import SYSTEM_CALLS, Rule

ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 4242
F_SETOWN_EX = 15
ELSEWHERE = 0xDEAD_0000_0000


def answer(machine: str, name: str | int, *arguments: int, architecture: int | None = None) -> int:
    """What the kernel would do with this call."""
    number = name if isinstance(name, int) else numbers(machine)[name]
    registers = (list(arguments) + [0] * 6)[:6]
    data = struct.pack("=IIQ6Q", number, architecture or ARCHITECTURES[machine], ELSEWHERE, *registers)
    program = seccomp._build(machine, PID)
    accumulator = at = 0
    while True:
        code, when_true, when_false, operand = program[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif code == 0x06:
            return operand
        else:
            is_true = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: bool(accumulator & operand),
            }[code]
            at += when_true if is_true else when_false


def numbers(machine: str) -> dict[str, int]:
    return {call.name: number for call in SYSTEM_CALLS if (number := getattr(call, machine)) is not None}


both = pytest.mark.parametrize("machine", ARCHITECTURES)


@both
def test_listed_calls_are_allowed_deadly_ones_kill_all_others_are_refused(machine: str) -> None:
    rules = {call.name: call.rule for call in SYSTEM_CALLS}
    known = numbers(machine)
    for name in known:
        if rules[name] in {Rule.ALLOW, Rule.KILL}:
            assert answer(machine, name) == (ALLOWED if rules[name] is Rule.ALLOW else KILLED), name
    for number in set(range(500)) - set(known.values()):
        assert answer(machine, number) == REFUSED


@both
def test_files_open_for_reading_only(machine: str) -> None:
    at_here = 2**64 - 100
    for flags in (os.O_RDONLY, os.O_CLOEXEC, os.O_DIRECTORY | os.O_NONBLOCK):
        assert answer(machine, "openat", at_here, 0, flags) == ALLOWED
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE | os.O_RDWR, os.O_TMPFILE):
        expected = ALLOWED if flags & ~os.O_DIRECTORY == 0 else REFUSED
        assert answer(machine, "openat", at_here, 0, flags) == expected == REFUSED


def test_the_older_open_is_for_reading_only_too() -> None:
    assert answer("x86_64", "open", 0, os.O_RDONLY | os.O_CLOEXEC) == ALLOWED
    assert answer("x86_64", "open", 0, os.O_RDWR) == REFUSED


@both
@pytest.mark.parametrize("name", ["mmap", "mprotect"])
def test_no_memory_becomes_executable(machine: str, name: str) -> None:
    assert answer(machine, name, 0, 4096, 3) == ALLOWED
    assert answer(machine, name, 0, 4096, 5) == REFUSED
    assert answer(machine, name, 0, 4096, 7) == REFUSED


@both
@pytest.mark.parametrize("name", ["tgkill", "prlimit64"])
def test_signals_and_limits_are_for_the_process_itself(machine: str, name: str) -> None:
    assert answer(machine, name, PID) == ALLOWED
    assert answer(machine, name, PID + 1) == REFUSED
    assert answer(machine, name, 1) == REFUSED


@both
def test_descriptors_send_no_signals(machine: str) -> None:
    for command in (fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_DUPFD_CLOEXEC):
        assert answer(machine, "fcntl", 1, command) == ALLOWED
    for command in (fcntl.F_SETOWN, fcntl.F_SETSIG, fcntl.F_SETFL, fcntl.F_NOTIFY, F_SETOWN_EX):
        assert answer(machine, "fcntl", 1, command, PID + 1) == REFUSED


def test_other_sets_of_numbers_kill() -> None:
    assert answer("x86_64", "read", architecture=0x40000003) == KILLED
    assert answer("x86_64", 0x40000000 | numbers("x86_64")["read"]) == KILLED
    assert answer("aarch64", "read", architecture=ARCHITECTURES["x86_64"]) == KILLED


@both
def test_the_program_fits_into_the_kernel(machine: str) -> None:
    program = seccomp._build(machine, PID)
    assert len(program) < 4096
    assert all(0 <= skip < 256 for _, *skips, _ in program for skip in skips)
