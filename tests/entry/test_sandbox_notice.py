"""How a whole server speaks of its sandbox, and refuses to start without it where it must."""

import json
import shlex
import sys
import urllib.request
from pathlib import Path

import pytest

from bifolio.conversion.sandbox_report import sandbox_report
from tests.command_line import CommandLine
from tests.documents import make_pdf
from tests.serving import serving
from tests.waiting import wait_until

WITHOUT_CALLS = [sys.executable, str(Path(__file__).parents[1] / "without_calls.py")]
WITHOUT_LANDLOCK = shlex.join([*WITHOUT_CALLS, "landlock", "ENOSYS"])

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux")


def test_a_server_that_needs_the_full_sandbox_says_that_it_has_it(tmp_path: Path) -> None:
    if not sandbox_report().is_full:
        pytest.skip("this system has no full sandbox")
    document = tmp_path / "document.pdf"
    document.write_bytes(make_pdf())
    with serving(tmp_path, LOG_FORMAT="json", SANDBOX_REQUIRE="full") as server:
        with urllib.request.urlopen(f"{server.url}/health") as answer:
            assert json.loads(answer.read())["sandbox"] == "full"
        server.cli("publish", str(document))
        wait_until(lambda: '"sandbox": "full"' in server.log(), timeout_s=60)


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("web", "--port", "0"), ("worker",)])
def test_nothing_starts_below_the_level_that_is_required(tmp_path: Path, command: tuple[str, ...]) -> None:
    settings = {"BIFOLIO_SANDBOX_REQUIRE": "full", "BIFOLIO_RENDER_WRAPPER": WITHOUT_LANDLOCK}
    line = CommandLine(tmp_path / "data", settings).refusal(*command)
    assert "this machine gives no-landlock" in line
    assert "Run Linux 5.13 or newer" in line


def test_a_weak_sandbox_is_a_warning_with_its_fix(tmp_path: Path) -> None:
    with serving(tmp_path, LOG_FORMAT="json", RENDER_WRAPPER=WITHOUT_LANDLOCK) as server:
        with urllib.request.urlopen(f"{server.url}/health") as answer:
            assert json.loads(answer.read())["sandbox"] == "no-landlock"
        wait_until(lambda: '"sandbox": "no-landlock"' in server.log(), timeout_s=60)
        (line,) = [line for line in server.log().splitlines() if '"sandbox": "no-landlock"' in line]
        assert json.loads(line)["problems"][0] == "landlock: ENOSYS"
        assert "Run Linux 5.13 or newer" in json.loads(line)["fix"]
        doctor = server.cli("doctor")
        assert "warning  sandbox: no-landlock" in doctor
