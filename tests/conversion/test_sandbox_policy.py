"""What an installation asks of its engines: a wrapper, a user, and the full sandbox or no document."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bifolio.conversion.child import EngineChild, EngineDied
from bifolio.conversion.context import EngineContext
from bifolio.conversion.preparation import Layer, Role
from bifolio.conversion.sandbox_level import SandboxLevel
from bifolio.conversion.sandbox_policy import (
    SandboxPolicy,
    find_user,
    prepare,
    sandbox_policy,
    set_sandbox_policy,
)
from bifolio.conversion.sandbox_report import SandboxTooWeak, demand_sandbox, sandbox_report, try_sandbox
from bifolio.conversion.started_engine import StartedEngine
from tests.conversion.pdfs import text_pdf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux")

WITHOUT_CALLS = (sys.executable, str(Path(__file__).parents[1] / "without_calls.py"))
Adopt = Callable[[SandboxPolicy], None]


@pytest.fixture
def adopt() -> Iterator[Adopt]:
    """Take another policy for one test."""
    before = sandbox_policy()

    def take(policy: SandboxPolicy) -> None:
        set_sandbox_policy(policy)
        sandbox_report.cache_clear()

    yield take
    take(before)


def count(folder: Path, started: StartedEngine | None = None) -> bytes:
    path = folder / "document.pdf"
    path.write_bytes(text_pdf("a", "b"))
    context = EngineContext("count", "pdf", 1 << 30, 30, 30)
    with path.open("rb") as file, EngineChild(file.fileno(), context, started) as child:
        try:
            return child.read_frame(30).metadata
        except EngineDied:
            child.close()
            raise AssertionError(child.diagnostic) from None


@pytest.mark.parametrize(
    ("reason", "advice"),
    [("ENOSYS", "Linux 5.13"), ("ENOTSUP", "lsm="), ("EPERM", "update Docker")],
)
def test_a_system_without_landlock_gets_all_other_layers_and_the_fix(
    adopt: Adopt, tmp_path: Path, reason: str, advice: str
) -> None:
    adopt(SandboxPolicy(wrapper=(*WITHOUT_CALLS, "landlock", reason)))
    report = sandbox_report()
    assert report.level is SandboxLevel.NO_LANDLOCK
    assert report.draws
    assert {result.layer: result.detail for result in report.missing} == {Layer.LANDLOCK: reason}
    assert advice in report.fix
    assert count(tmp_path) == b'{"page_count":2}'


def test_a_container_that_allows_no_namespaces_is_full_all_the_same(adopt: Adopt, tmp_path: Path) -> None:
    adopt(SandboxPolicy(wrapper=(*WITHOUT_CALLS, "unshare", "EPERM")))
    report = sandbox_report()
    assert report.is_full
    assert {result.layer: result.detail for result in report.missing} == {Layer.NAMESPACES: "EPERM"}
    assert count(tmp_path) == b'{"page_count":2}'


def test_full_is_demanded_before_any_engine_starts(adopt: Adopt, tmp_path: Path) -> None:
    adopt(SandboxPolicy(needs_full=True, wrapper=(*WITHOUT_CALLS, "landlock", "ENOSYS")))
    with pytest.raises(SandboxTooWeak) as refusal:
        demand_sandbox()
    assert refusal.value.level == "no-landlock"
    assert refusal.value.missing.startswith("landlock: ENOSYS; open: ")
    assert "Linux 5.13" in refusal.value.fix
    with pytest.raises(SandboxTooWeak):
        count(tmp_path)


def test_full_is_enough_where_it_is_given(adopt: Adopt, tmp_path: Path) -> None:
    if not sandbox_report().is_full:
        pytest.skip("this system has no full sandbox")
    adopt(SandboxPolicy(needs_full=True))
    demand_sandbox()
    assert count(tmp_path) == b'{"page_count":2}'


def test_an_engine_that_finds_itself_without_a_layer_reads_nothing(tmp_path: Path) -> None:
    """The last guard: whatever its parent believed of the system."""
    weak = prepare((Role.COUNT,), tuple(layer for layer in Layer if layer is not Layer.LANDLOCK))
    with pytest.raises(AssertionError, match=r"missing: landlock \(left out\)"):
        count(tmp_path, StartedEngine(weak._replace(needs_full=True)))


def test_a_wrapper_that_cannot_start_is_an_error_at_once(adopt: Adopt) -> None:
    adopt(SandboxPolicy(wrapper=("/nonexistent/wrapper",)))
    with pytest.raises(FileNotFoundError):
        StartedEngine(prepare((Role.COUNT,)))
    assert sandbox_report().problems == ("the self-test fails: FileNotFoundError",)
    assert "BIFOLIO_RENDER_WRAPPER" in sandbox_report().fix


def test_a_wrapper_that_starts_nothing_is_named_in_the_fix(adopt: Adopt) -> None:
    adopt(SandboxPolicy(wrapper=("/bin/false",)))
    assert sandbox_report().problems == ("the self-test fails: no reason",)
    assert "BIFOLIO_RENDER_WRAPPER" in sandbox_report().fix


def test_users_are_found_by_name_and_number() -> None:
    assert find_user("root") == (0, 0)
    assert find_user("12345") == (12345, 12345)
    assert find_user("no-such-user-here") == (-1, -1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_root_becomes_the_user_of_the_policy(adopt: Adopt) -> None:
    adopt(SandboxPolicy(user="61234"))
    report = try_sandbox(prepare((Role.PDF,)))
    assert "user 61234" in [result.detail for result in report.layers]
