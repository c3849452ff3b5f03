"""How well an engine is locked up, in one word. Shared by both sides; standard library only."""

import enum
from collections.abc import Iterable

from bifolio.conversion.preparation import Layer, LayerResult


class SandboxLevel(enum.StrEnum):
    """What a taken-over engine meets. Only ``full`` keeps it from files and network for certain."""

    FULL = "full"
    NO_LANDLOCK = "no-landlock"
    NO_SECCOMP = "no-seccomp"
    PROCESS_ONLY = "process-only"


def level_of(results: Iterable[LayerResult]) -> SandboxLevel:
    """The level that these layers make."""
    on = {result.layer for result in results if result.is_on}
    if Layer.LANDLOCK in on:
        return SandboxLevel.FULL if Layer.SECCOMP in on else SandboxLevel.NO_SECCOMP
    return SandboxLevel.NO_LANDLOCK if Layer.SECCOMP in on else SandboxLevel.PROCESS_ONLY
