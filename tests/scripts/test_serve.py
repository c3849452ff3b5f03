"""`make serve`'s script, with the real server."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.documents import make_pdf
from tests.waiting import wait_until

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "serve.py"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    (tmp_path / "sample.pdf").write_bytes(make_pdf(pages=2, title="A sample"))
    return CommandLine(tmp_path / "data")


def _start(cli: CommandLine, port: int) -> "subprocess.Popen[str]":
    sample = cli.data.parent / "sample.pdf"
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), "--port", str(port), "--sample", str(sample)],
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


@contextmanager
def _running(cli: CommandLine, port: int) -> "Iterator[subprocess.Popen[str]]":
    script = _start(cli, port)
    try:
        wait_until(lambda: script.poll() is not None or cli.is_well(), timeout_s=90)
        yield script
    finally:
        if script.poll() is None:
            script.terminate()
        script.communicate(timeout=60)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _block(script: "subprocess.Popen[str]") -> str:
    """Read what the script prints until its last line, which says how to stop."""
    assert script.stdout is not None
    lines = []
    for line in script.stdout:
        lines.append(line)
        if line.startswith("  Stop"):
            break
    return "".join(lines)


def test_it_publishes_the_sample_and_says_where_to_look(cli: CommandLine, port: int) -> None:
    with _running(cli, port) as script:
        block = _block(script)
        link = re.search(rf"http://127\.0\.0\.1:{port}/sample/a-sample-[a-z0-9]+\.html", block)
        assert link is not None, block
        assert str(cli.data) in block
        assert "key create" in block
        with urllib.request.urlopen(link[0]) as page:
            assert page.status == 200
        assert [row["account"] for row in cli.answer("list")] == ["BIFOLIOSAMP"]
        folders = [cli.data, *(path for path in cli.data.rglob("*") if path.is_dir())]
        assert not [folder for folder in folders if folder.stat().st_mode & 0o007]


def test_beside_a_running_one_it_says_the_same_and_ends(cli: CommandLine, port: int) -> None:
    with _running(cli, port) as script:
        link = re.search(r"http\S+\.html", _block(script))
        second = _start(cli, port)
        answer, _ = second.communicate(timeout=60)
        assert second.returncode == 0
        assert link is not None
        assert link[0] in answer
        assert len(cli.answer("list")) == 1


def test_a_port_of_somebody_else_is_named(cli: CommandLine, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        script = _start(cli, port)
        answer, errors = script.communicate(timeout=60)
    assert script.returncode == 1
    assert errors == f"Port {port} is taken by another program. Take another: make serve PORT=8001\n"
    assert answer == ""


def test_a_second_ctrl_c_changes_nothing(cli: CommandLine, port: int) -> None:
    script = _start(cli, port)
    _block(script)
    os.killpg(script.pid, signal.SIGINT)
    os.killpg(script.pid, signal.SIGINT)
    _, errors = script.communicate(timeout=60)
    assert (script.returncode, errors.count("Traceback")) == (0, 0)
    assert _is_free(port)
    assert "stopped" in (cli.data / "run" / "serve.log").read_text()


def test_ctrl_c_while_it_starts_ends_it_quietly(cli: CommandLine, port: int) -> None:
    script = _start(cli, port)
    wait_until((cli.data / "run" / "serve.log").exists)
    os.killpg(script.pid, signal.SIGINT)
    answer, errors = script.communicate(timeout=60)
    assert (script.returncode, answer, errors) == (0, "", "")
    wait_until(lambda: _is_free(port), timeout_s=40)


@pytest.mark.parametrize("way", ["terminated", "interrupted", "killed"])
def test_the_server_ends_with_it(cli: CommandLine, port: int, way: str) -> None:
    with _running(cli, port) as script:
        _block(script)
        if way == "terminated":
            script.terminate()
        elif way == "interrupted":
            os.killpg(script.pid, signal.SIGINT)
        else:
            script.kill()
        wait_until(lambda: _is_free(port), timeout_s=40)
        script.wait(40)
        assert script.returncode == (-signal.SIGKILL if way == "killed" else 0)


def test_it_names_the_packages_of_missing_fonts_in_one_line(cli: CommandLine, port: int) -> None:
    (check,) = json.loads(cli.run("doctor", "--only", "fonts", "--json").stdout)["checks"]
    if not check["fix"]:
        pytest.skip("no font is missing here")
    with _running(cli, port) as script:
        assert script.stdout is not None
        said = next(line for line in script.stdout if line.startswith("  Fonts"))
        assert said.strip().endswith(check["fix"])
