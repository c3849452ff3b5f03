"""seccomp: the kernel looks at each system call and refuses, or kills for, what no engine does.

Builds a program for the kernel's classic BPF machine from the table in ``system_calls``. It jumps
forward only, and each rule is a few instructions that end in an answer.
"""

import ctypes
import errno
import os
import struct

from bifolio.conversion.engine.sandbox import Unavailable, kernel
from bifolio.conversion.engine.sandbox.system_calls import SYSTEM_CALLS, Rule

_MODE_FILTER = 2
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
"""x86_64 kernels may answer to a second set of numbers, which would slip past the table."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOWED, _KILL = 0x7FFF0000, 0x80000000
_REFUSED = 0x00050000 | errno.EPERM

_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_NOT_READING = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY
)
_EXECUTABLE = 4
_ABOUT_DESCRIPTOR = (0, 1, 2, 3, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC of linux/fcntl.h."""

_Instruction = tuple[int, int, int, int]
"""Code, instructions to skip when true, when false, operand."""


def filter_system_calls() -> str:
    """Let the kernel judge every system call of this process from now on, for good."""
    if not kernel.IS_LINUX:
        raise Unavailable("needs Linux")
    if kernel.MACHINE not in _ARCHITECTURES:
        raise Unavailable(f"system calls are not known for {kernel.MACHINE}")
    program = _build(kernel.MACHINE, os.getpid())
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.cast(header, ctypes.c_void_p))
    allowed = sum(call.rule is not Rule.KILL for call in SYSTEM_CALLS)
    return f"{allowed} system calls allowed"


def _build(machine: str, pid: int) -> list[_Instruction]:
    program: list[_Instruction] = [
        _load(_ARCHITECTURE_AT),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _answer(_KILL),
        _load(_NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32_BIT),
        _answer(_KILL),
    ]
    for call in SYSTEM_CALLS:
        number: int | None = getattr(call, machine)
        if number is not None:
            judged = _judge(call.rule, pid)
            program += [(_EQUAL, 0, len(judged), number), *judged]
    return [*program, _answer(_REFUSED)]


def _judge(rule: Rule, pid: int) -> list[_Instruction]:
    """Instructions that answer a call whose number has been recognised."""
    match rule:
        case Rule.ALLOW | Rule.KILL:
            return [_answer(_KILL if rule is Rule.KILL else _ALLOWED)]
        case Rule.READ_ONLY_2ND:
            return _refuse_bits(1, _NOT_READING)
        case Rule.READ_ONLY_3RD:
            return _refuse_bits(2, _NOT_READING)
        case Rule.NOT_EXECUTABLE:
            return _refuse_bits(2, _EXECUTABLE)
        case Rule.SELF:
            return _allow_among(0, (0, pid))
        case Rule.ABOUT_DESCRIPTOR:
            return _allow_among(1, _ABOUT_DESCRIPTOR)


def _allow_among(argument: int, values: tuple[int, ...]) -> list[_Instruction]:
    chosen = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_load(_ARGUMENTS_AT + 8 * argument), *chosen, _answer(_REFUSED), _answer(_ALLOWED)]


def _refuse_bits(argument: int, bits: int) -> list[_Instruction]:
    # The lower half of an argument decides: flags are 32 bits wide, and the machine is little-endian.
    return [_load(_ARGUMENTS_AT + 8 * argument), (_ANY_BIT, 0, 1, bits), _answer(_REFUSED), _answer(_ALLOWED)]


def _load(offset: int) -> _Instruction:
    return _LOAD, 0, 0, offset


def _answer(value: int) -> _Instruction:
    return _ANSWER, 0, 0, value
