import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entry.tree import Tree, command_line, descendants, is_free, running_tree
from tests.live_database import Installation
from tests.waiting import wait_until

WEB, WORKER = "bifolio.entry.web_process", "bifolio.entry.worker_process"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'bifolio.sqlite3'}")


@pytest.fixture
def tree(installation: Installation) -> Iterator[Tree]:
    with running_tree(installation, "--workers", "1", "--web-processes", "2") as running:
        yield running


def test_it_migrates_serves_and_says_where(tree: Tree) -> None:
    wait_until(lambda: f"Bifolio listens on http://127.0.0.1:{tree.port}" in tree.log())
    assert len(tree.children(WEB)) == 2
    assert len(tree.children(WORKER)) == 1
    status, body = tree.get("/metrics")
    assert status == 200
    assert b'bifolio_requests_total{area="health",status="200"}' in body
    assert b"bifolio_workers 3.0" in body


def test_what_is_counted_together_needs_no_room_on_the_disk(tree: Tree) -> None:
    folder = metrics_folder(tree)
    assert not folder.is_relative_to(tree.installation.data)
    assert list(folder.glob("*.db"))
    for pid in tree.children():
        assert f"{tree.installation.data}/run" not in Path(f"/proc/{pid}/maps").read_text()


def test_the_counts_of_a_killed_tree_go_when_any_other_starts(tree: Tree, tmp_path: Path) -> None:
    folder = metrics_folder(tree)
    tree.supervisor.kill()
    tree.supervisor.wait()
    wait_until(lambda: is_free(tree.port))
    assert folder.exists()
    other = tmp_path / "other"
    other.mkdir()
    with running_tree(
        Installation(other, f"sqlite:///{other / 'bifolio.sqlite3'}"), "--workers", "1"
    ) as second:
        assert not folder.exists()
        its_folder = metrics_folder(second)
        assert list(its_folder.glob("*.db"))
    assert not its_folder.exists()


def metrics_folder(tree: Tree) -> Path:
    """Return where the processes of the tree count together."""
    variables = Path(f"/proc/{tree.children(WEB)[0]}/environ").read_text().split("\0")
    return next(
        Path(value)
        for name, _, value in (pair.partition("=") for pair in variables)
        if name == "PROMETHEUS_MULTIPROC_DIR"
    )


def test_foreign_hosts_are_421_and_strange_paths_404(tree: Tree) -> None:
    assert tree.get("/", host="evil.example")[0] == 421
    assert tree.get("/health", host="evil.example")[0] == 421
    for path in ("/f/../../secret-key", "/f/%2e%2e/%2e%2e/secret-key", "/f/..%2f..%2fsecret-key"):
        assert tree.get(path)[0] == 404
    assert tree.get("/assets/player/..%2f..%2fapps.py")[0] == 404


@pytest.mark.parametrize("module", [WEB, WORKER])
def test_a_killed_child_is_replaced(tree: Tree, module: str) -> None:
    before = tree.children(module)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: is_replaced(before[0], among=len(before), living=tree.children(module)))
    wait_until(tree.is_healthy)
    assert "child died" in tree.log()


def is_replaced(dead: int, *, among: int, living: list[int]) -> bool:
    """Whether one look at the tree shows the full number again, without the dead one."""
    return len(living) == among and dead not in living


def test_nothing_outlives_a_killed_supervisor(tree: Tree) -> None:
    assert len(tree.children("bifolio.entry")) == 3
    children = tree.children()
    tree.supervisor.kill()
    tree.supervisor.wait()
    wait_until(lambda: not any(command_line(pid) for pid in children))
    # A dying process loses its command line first, its descriptors a moment later.
    wait_until(lambda: is_free(tree.port))
    with running_tree(tree.installation, "--workers", "1", port=tree.port) as again:
        assert again.is_healthy()


def test_sigterm_lets_a_request_end_and_leaves_nothing(tree: Tree) -> None:
    with socket.create_connection(("127.0.0.1", tree.port), timeout=30) as client:
        client.sendall(
            b"POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\naction"
        )
        # Another request on the same kind of connection shows that the first has been read.
        wait_until(tree.is_healthy)
        children = tree.children()
        tree.supervisor.send_signal(signal.SIGTERM)
        wait_until(lambda: is_free(tree.port))
        client.sendall(b"=now")
        answer = client.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert tree.supervisor.wait(30) == 0
    assert not any(command_line(pid) for pid in children)
    run = tree.installation.data / "run"
    assert not (run / "port").exists()
    assert list((run / "workers").iterdir()) == []


def test_a_frozen_child_is_killed_by_a_second_signal(tree: Tree) -> None:
    frozen = tree.children(WORKER)[0]
    os.kill(frozen, signal.SIGSTOP)
    tree.supervisor.send_signal(signal.SIGINT)
    wait_until(lambda: "draining" in tree.log())
    tree.supervisor.send_signal(signal.SIGINT)
    assert tree.supervisor.wait(30) == 0
    assert not command_line(frozen)


def test_an_interrupted_start_ends_without_a_traceback(installation: Installation) -> None:
    with (installation.data / "log").open("ab") as log:
        starting = installation.start("bifolio.entry.process_tree", "--port", "0", stderr=log, stdout=log)
    wait_until(lambda: any("bifolio.entry.migrate" in command_line(pid) for pid in descendants(starting.pid)))
    starting.send_signal(signal.SIGINT)
    assert starting.wait(30) == 130
    assert "Traceback" not in (installation.data / "log").read_text()


def test_a_second_tree_on_the_same_data_is_refused(tree: Tree) -> None:
    code, said = refused(tree.installation, "--port", "0")
    assert code == 1
    assert said == (
        f"bifolio: bifolio serve runs on {tree.installation.data} already (process {tree.supervisor.pid}). "
        "Stop it, or name another folder with BIFOLIO_DATA.\n"
    )
    assert tree.is_healthy()


def test_a_taken_port_is_said_in_one_line(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = refused(installation, "--port", str(port))
    assert code == 1
    assert said == (
        f"bifolio: Port {port} of 127.0.0.1 is taken by another program. Choose one with --port.\n"
    )


def test_an_address_of_another_machine_is_said_in_one_line(installation: Installation) -> None:
    code, said = refused(installation, "--host", "203.0.113.9", "--port", "0")
    assert code == 1
    assert said.startswith("bifolio: Cannot listen on 203.0.113.9, port 0: ")
    assert said.count("\n") == 1


def test_a_wrong_setting_is_said_in_one_line(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**installation.environment, "BIFOLIO_MAX_PAGES": "many"}
    monkeypatch.setattr(Installation, "environment", environment)
    code, said = refused(installation)
    assert code == 2
    assert said.startswith("bifolio: BIFOLIO_MAX_PAGES: ")
    assert said.count("\n") == 1


def test_a_database_that_does_not_answer_is_said_without_a_traceback(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"postgresql://nobody@127.0.0.1:{closed.getsockname()[1]}/none"
        code, said = refused(Installation(tmp_path, url), "--port", "0")
    assert code == 1
    assert "The database does not answer: " in said
    assert "Traceback" not in said


def refused(installation: Installation, *arguments: str) -> tuple[int, str]:
    process = installation.start(
        "bifolio.entry.process_tree", *arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, said = process.communicate(timeout=60)
    assert out == b""
    return process.returncode, said.decode()
