"""The attack table: what a taken-over engine would try, with all layers and with each one alone."""

import json
import os
import subprocess
import sys

import pytest

from bifolio.conversion.engine_command import engine_environment
from bifolio.conversion.preparation import Layer, LayerResult, Preparation, Role
from bifolio.conversion.sandbox_level import SandboxLevel, level_of
from bifolio.conversion.sandbox_policy import prepare
from bifolio.conversion.sandbox_report import SandboxReport, sandbox_report, try_sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux")

IS_ROOT = os.geteuid() == 0
FILES = {"read_secret", "read_public_file", "list_root", "write_file"}
OTHER_PROCESSES = {"trace", "signal_process", "read_environment"}
STOPPED_BY_A_LAYER_ALONE = {
    Layer.LIMITS: {"write_file"},
    Layer.NAMESPACES: {"connect_tcp", "send_udp"},
    Layer.USER: {"read_secret", *OTHER_PROCESSES},
    Layer.LANDLOCK: {*FILES, "connect_tcp", "execute", *OTHER_PROCESSES},
    Layer.SECCOMP: {
        "write_file",
        "connect_tcp",
        "send_udp",
        "connect_unix",
        "execute",
        "fork",
        "trace",
        "signal_process",
        "run_own_code",
    },
}
KILLED_BY_SECCOMP = {"connect_tcp", "send_udp", "connect_unix", "execute", "trace"}


def engine() -> Preparation:
    return prepare((Role.PDF,))


def skip_without(report: SandboxReport, *layers: Layer) -> None:
    for result in report.missing:
        if result.layer in layers and result.detail != "left out":
            pytest.skip(f"this system has no {result.layer}: {result.detail}")


def test_without_layers_every_attempt_gets_through() -> None:
    report = try_sandbox(engine()._replace(layers=()))
    assert report.problem == ""
    assert set(report.open_ways) == set(report.attacks)
    assert len(report.attacks) == 13
    assert report.level is SandboxLevel.PROCESS_ONLY


def test_all_layers_stop_every_attempt_and_a_page_is_drawn() -> None:
    """P15: an engine that a document has taken over."""
    report = try_sandbox(engine(), slow=True)
    skip_without(report, Layer.LANDLOCK, Layer.SECCOMP)
    assert report.open_ways == ()
    assert {name for name, outcome in report.attacks.items() if outcome == "killed"} == {
        *KILLED_BY_SECCOMP,
        "spin",
    }
    assert report.draws
    assert report.is_full
    assert report.level is SandboxLevel.FULL


@pytest.mark.parametrize(("layer", "stopped"), STOPPED_BY_A_LAYER_ALONE.items())
def test_a_layer_alone_stops_what_it_is_there_for(layer: Layer, stopped: set[str]) -> None:
    if layer is Layer.USER and not IS_ROOT:
        pytest.skip("only root can become somebody else")
    report = try_sandbox(engine()._replace(layers=(Layer.PRIVILEGES, layer)), slow="run_own_code" in stopped)
    skip_without(report, layer)
    assert report.draws
    assert not stopped & set(report.open_ways)
    if IS_ROOT:
        # The table is exact for root; an ordinary user has some more that stops it.
        assert set(report.attacks) - stopped - {"take_memory", "spin"} <= set(report.open_ways)


@pytest.mark.skipif(IS_ROOT, reason="root may make processes beyond its limit")
def test_limits_alone_let_nobody_make_a_process() -> None:
    report = try_sandbox(engine()._replace(layers=(Layer.LIMITS,)))
    assert "fork" not in report.open_ways


@pytest.mark.parametrize(
    ("missing", "level"),
    [
        ({Layer.LANDLOCK}, SandboxLevel.NO_LANDLOCK),
        ({Layer.SECCOMP}, SandboxLevel.NO_SECCOMP),
        ({Layer.LANDLOCK, Layer.SECCOMP}, SandboxLevel.PROCESS_ONLY),
        ({Layer.NAMESPACES}, SandboxLevel.FULL),
    ],
)
def test_the_level_is_made_of_the_layers_that_are_on(missing: set[Layer], level: SandboxLevel) -> None:
    report = try_sandbox(engine()._replace(layers=tuple(layer for layer in Layer if layer not in missing)))
    skip_without(report, *Layer)
    assert report.level is level
    assert report.is_full == (level is SandboxLevel.FULL)
    assert report.draws
    assert {result.layer for result in report.missing} == missing


@pytest.mark.parametrize(
    ("layer", "open_way", "level"),
    [
        (Layer.LANDLOCK, "list_root", SandboxLevel.NO_LANDLOCK),
        (Layer.SECCOMP, "send_udp", SandboxLevel.NO_SECCOMP),
    ],
)
def test_a_layer_that_claims_to_be_on_and_does_not_hold_does_not_count(
    layer: Layer, open_way: str, level: SandboxLevel
) -> None:
    layers = tuple(LayerResult(each, is_on=True, detail="") for each in Layer)
    assert level_of(layers) is SandboxLevel.FULL
    report = SandboxReport(layers, {open_way: "through", "fork": "stopped"}, draws=True)
    assert report.level is level
    assert not report.is_full
    assert report.problems == (f"open: {open_way}",)
    assert layer in {result.layer for result in layers}


def test_an_attempt_that_fails_by_itself_proves_nothing() -> None:
    layers = tuple(LayerResult(layer, is_on=True, detail="") for layer in Layer)
    report = SandboxReport(layers, {"read_secret": "failed by itself"}, draws=True)
    assert not report.is_full


def test_a_self_test_that_cannot_run_is_a_problem_and_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    report = try_sandbox(engine())
    assert report.level is SandboxLevel.PROCESS_ONLY
    assert report.problems == ("the self-test fails: FileNotFoundError",)
    assert not report.is_full


def test_the_report_of_this_process_is_made_once() -> None:
    assert sandbox_report() is sandbox_report()


@pytest.mark.skipif(not IS_ROOT, reason="only root becomes somebody else")
def test_root_without_anybody_to_become_says_so() -> None:
    report = try_sandbox(engine()._replace(uid=-1, gid=-1))
    (user,) = [result for result in report.missing if result.layer is Layer.USER]
    assert user.detail == "there is no user to become"


AS_AN_ORDINARY_USER = """
import os
from bifolio.conversion.engine import self_test, warm_up
from bifolio.conversion.preparation import Role
warm_up.load(tuple(Role))
os.setgroups([])
os.setresgid(61234, 61234, 61234)
os.setresuid(61234, 61234, 61234)
self_test.main()
"""


@pytest.mark.skipif(not IS_ROOT, reason="runs as an ordinary user already")
def test_an_ordinary_user_has_the_full_sandbox_too() -> None:
    command = [sys.executable, "-S", "-P", "-c", AS_AN_ORDINARY_USER, engine()._replace(uid=-1).to_json()]
    done = subprocess.run(command, env=engine_environment(), stdout=subprocess.PIPE, check=True)
    answer = json.loads(done.stdout)
    layers = {layer: detail for layer, is_on, detail in answer["layers"] if is_on}
    if not {Layer.LANDLOCK, Layer.SECCOMP} <= layers.keys():
        pytest.skip("this system has no full sandbox")
    assert layers[Layer.USER] == "the service's own user"
    assert set(answer["attacks"].values()) == {"stopped", "killed"}
    assert answer["draws"]
