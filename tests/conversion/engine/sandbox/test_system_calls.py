"""The numbers of system calls, against the kernel's own headers; no call is listed twice."""

import re
from pathlib import Path

import pytest

from bifolio.conversion.engine.sandbox.system_calls import SYSTEM_CALLS, Rule

HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = next((Path(path) for path in HEADERS[machine] if Path(path).is_file()), None)
    if header is None:
        pytest.skip("no kernel headers: apt-get install linux-libc-dev")
    defined = re.findall(r"#define (__NR3264_|__NR_)(\w+)\s+(\d+)", header.read_text())
    numbers = {name: int(number) for _, name, number in defined}
    # 64-bit systems call fstatat64 of the generic table newfstatat.
    numbers.setdefault("newfstatat", numbers.get("fstatat", -1))
    for call in SYSTEM_CALLS:
        number: int | None = getattr(call, machine)
        if number is not None:
            assert numbers[call.name] == number, call.name


def test_what_a_processor_lacks_is_what_its_newer_calls_replace() -> None:
    lacking = {call.name for call in SYSTEM_CALLS if call.aarch64 is None}
    assert lacking == {"open", "stat", "lstat", "readlink", "time"}
    assert all(call.x86_64 is not None for call in SYSTEM_CALLS)


def test_no_call_is_both_allowed_and_deadly() -> None:
    names = [call.name for call in SYSTEM_CALLS]
    assert len(names) == len(set(names))
    deadly = {call.name for call in SYSTEM_CALLS if call.rule is Rule.KILL}
    assert deadly >= {"socket", "connect", "execve", "execveat", "ptrace", "bpf", "mount", "unshare"}
    assert {name for name in deadly if name.startswith("io_uring")} == {
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
    }
