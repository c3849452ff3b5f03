"""How a process of the engine is called: its command line and its environment. Standard library only."""

import os
import sys

from bifolio.conversion.sandbox_policy import sandbox_policy


def engine_command(entry: str, *arguments: str) -> list[str]:
    """The command that calls ``main`` of the module ``entry``, behind the policy's wrapper."""
    # Not -m, which loads a module of its own to find ours; -P keeps the working directory out of the search.
    code = f"from {entry} import main; main()"
    return [*sandbox_policy().wrapper, sys.executable, "-S", "-P", "-c", code, *arguments]


def engine_environment() -> dict[str, str]:
    """Nothing of ours but where modules lie; and memory in large pages, kept for the next image."""
    return {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry),  # noqa: PTH100
        "PYTHONUTF8": "1",
        "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
        "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "PILLOW_BLOCKS_MAX": "8",
    }
