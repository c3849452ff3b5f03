"""Asks a process locked up like an engine what it can do, and judges the answer. Starts that process once."""

import functools
import json
import subprocess
from dataclasses import dataclass

from bifolio.conversion.engine_command import engine_command, engine_environment
from bifolio.conversion.preparation import Layer, LayerResult, Preparation, Role
from bifolio.conversion.sandbox_advice import NO_SELF_TEST, WRAPPER_FAILS, advice_for
from bifolio.conversion.sandbox_level import SandboxLevel, level_of
from bifolio.conversion.sandbox_policy import prepare, sandbox_policy
from bifolio.kernel.errors import BifolioError

_SELF_TEST = "bifolio.conversion.engine.self_test"
_DEADLINE_S = 60.0
_FILES = frozenset({"read_secret", "read_public_file", "list_root", "write_file"})
_NETWORK_AND_PROGRAMS = frozenset({"connect_tcp", "send_udp", "connect_unix", "execute"})


class SandboxTooWeak(BifolioError):
    """The policy asks for more than this system gives: its ``level``, what is ``missing``, a ``fix``."""

    def __init__(self, level: str, missing: str, fix: str) -> None:
        super().__init__(level, missing, fix)
        self.level, self.missing, self.fix = level, missing, fix


@dataclass(frozen=True, slots=True)
class SandboxReport:
    """What the self-test found. ``attacks`` has the outcome of each attempt, ``draws`` whether a page
    came out right; ``problem`` is why there was no test at all, else empty.
    """

    layers: tuple[LayerResult, ...]
    attacks: dict[str, str]
    draws: bool
    problem: str = ""

    @property
    def level(self) -> SandboxLevel:
        """The level by the layers that are on, and that have stopped what they are there to stop."""
        open_ways = set(self.open_ways)
        holds = {
            Layer.LANDLOCK: not open_ways & _FILES,
            Layer.SECCOMP: not open_ways & _NETWORK_AND_PROGRAMS,
        }
        return level_of(result for result in self.layers if holds.get(result.layer, True))

    @property
    def is_full(self) -> bool:
        """Whether the level is full, no attempt got through, and engines still work."""
        return self.level is SandboxLevel.FULL and self.draws and not self.open_ways

    @property
    def open_ways(self) -> tuple[str, ...]:
        """The attempts that nothing is known to have stopped."""
        return tuple(name for name, outcome in self.attacks.items() if outcome not in {"stopped", "killed"})

    @property
    def missing(self) -> tuple[LayerResult, ...]:
        """The layers that this system does not have."""
        return tuple(result for result in self.layers if not result.is_on)

    @property
    def problems(self) -> tuple[str, ...]:
        """All that keeps this from being whole, in short: the layers that are missing, the ways left open."""
        found = [self.problem] if self.problem else []
        found += [f"{result.layer}: {result.detail}" for result in self.missing]
        found += [f"open: {name}" for name in self.open_ways]
        if not self.draws and not self.problem:
            found.append("no page can be drawn")
        return tuple(found)

    @property
    def fix(self) -> str:
        """What an operator can do about it."""
        if self.problem or not self.draws:
            return WRAPPER_FAILS if sandbox_policy().wrapper else NO_SELF_TEST
        return advice_for(self.missing)


def try_sandbox(preparation: Preparation, *, slow: bool = False) -> SandboxReport:
    """Run the self-test, which takes a fifth of a second; ``slow`` adds attempts that take seconds."""
    command = engine_command(_SELF_TEST, preparation.to_json(), *(["--slow"] if slow else []))
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            cwd="/",
            env=engine_environment(),
            timeout=_DEADLINE_S,
        )
        answer = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        return SandboxReport(
            (), {}, draws=False, problem=f"the self-test fails: {(lines or ['no reason'])[-1]}"
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return SandboxReport((), {}, draws=False, problem=f"the self-test fails: {type(error).__name__}")
    layers = tuple(LayerResult(Layer(layer), *rest) for layer, *rest in answer["layers"])
    return SandboxReport(layers, answer["attacks"], answer["draws"])


@functools.cache
def sandbox_report() -> SandboxReport:
    """The self-test's findings for engines of this process; the first call runs it."""
    return try_sandbox(prepare((Role.PDF,)))


def demand_sandbox() -> None:
    """Raise SandboxTooWeak where the policy asks for the full sandbox and this system does not give it."""
    if sandbox_policy().needs_full:
        report = sandbox_report()
        if not report.is_full:
            raise SandboxTooWeak(report.level, "; ".join(report.problems), report.fix)
