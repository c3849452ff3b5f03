"""Engines that stand by: used once, never leaked, and gone with the process that keeps them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bifolio.conversion import standby
from bifolio.conversion.child import EngineChild
from bifolio.conversion.context import EngineContext
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.preparation import Role
from bifolio.conversion.standby import StandbyEngines, engines_standing_by, take_engine
from bifolio.conversion.started_engine import StartedEngine
from tests.conversion.pdfs import text_pdf
from tests.waiting import wait_until

LONG_S = 60.0
COUNT = EngineContext("count", "pdf", 1 << 30, LONG_S, LONG_S)


@pytest.fixture
def document(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "document.pdf"
    path.write_bytes(text_pdf("a", "b"))
    with path.open("rb") as file:
        yield file.fileno()


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of a dead one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def counted(child: EngineChild) -> bytes:
    frame = child.read_frame(LONG_S)
    assert frame.kind is FrameKind.COUNTED
    return frame.metadata


def test_a_document_goes_to_an_engine_that_stands_by(document: int) -> None:
    with engines_standing_by(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        (waiting,) = engines._ready
        with take_engine(document, COUNT) as child:
            assert child.pid == waiting.pid
            assert counted(child) == b'{"page_count":2}'
        assert not is_running(waiting.pid)


def test_later_pages_leave_it_to_the_next_first_page(document: int) -> None:
    later = COUNT._replace(mode="convert", first_page=2)
    with engines_standing_by(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        (waiting,) = engines._ready
        with take_engine(document, later) as child:
            assert child.pid != waiting.pid
            assert child.read_frame(LONG_S).kind is FrameKind.OPENED
        with take_engine(document, later._replace(first_page=1)) as child:
            assert child.pid == waiting.pid


def test_each_is_used_once_and_replaced(document: int) -> None:
    with StandbyEngines(1, pause_s=0) as engines:
        pids = set()
        for _ in range(2):
            assert engines.wait_until_ready(LONG_S)
            with EngineChild(document, COUNT, engines.take()) as child:
                pids.add(child.pid)
                counted(child)
        assert len(pids) == 2


def test_a_used_engine_takes_no_second_document(document: int) -> None:
    with StandbyEngines(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        started = engines.take()
        assert started is not None
        with EngineChild(document, COUNT, started) as child:
            counted(child)
            with pytest.raises(OSError, match="Bad file descriptor"):
                started.hand_over(document, COUNT)


def test_none_at_hand_means_a_new_one(document: int) -> None:
    with take_engine(document, COUNT) as child:
        counted(child)
    with StandbyEngines(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        first = engines.take()
        assert first is not None
        assert engines.take() is None
        first.discard()


def test_one_that_died_while_it_stood_by_costs_nothing(document: int) -> None:
    with engines_standing_by(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        (waiting,) = engines._ready
        os.kill(waiting.pid, signal.SIGKILL)
        wait_until(lambda: not is_running(waiting.pid))
        with take_engine(document, COUNT) as child:
            assert child.pid != waiting.pid
            counted(child)


def test_one_that_dies_after_it_was_taken_is_replaced(document: int) -> None:
    with StandbyEngines(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        started = engines.take()
    assert started is not None
    os.kill(started.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(started.pid))
    with EngineChild(document, COUNT, started) as child:
        assert child.pid != started.pid
        counted(child)


def test_closing_ends_those_that_stand_by_and_leaves_those_at_work(document: int) -> None:
    with StandbyEngines(1, pause_s=0) as engines:
        assert engines.wait_until_ready(LONG_S)
        working = engines.take()
        assert working is not None
        assert engines.wait_until_ready(LONG_S)
        (waiting,) = engines._ready
    assert not is_running(waiting.pid)
    assert is_running(working.pid)
    assert engines._thread.is_alive()
    with EngineChild(document, COUNT, working) as child:
        counted(child)
    engines._thread.join(LONG_S)
    assert not engines._thread.is_alive()


def test_no_descriptor_and_no_child_is_left(document: int) -> None:
    def descriptors() -> list[str]:
        return sorted(entry.name for entry in Path("/proc/self/fd").iterdir())

    with take_engine(document, COUNT) as child:
        counted(child)
    before = descriptors()
    with engines_standing_by(2) as engines:
        assert engines.wait_until_ready(LONG_S)
        with take_engine(document, COUNT) as child:
            counted(child)
    engines._thread.join(LONG_S)
    assert descriptors() == before


def test_any_thread_may_take_one_and_end(document: int) -> None:
    """The kernel ends a process with the thread that made it, which is not the one that takes it."""
    with StandbyEngines(1) as engines:
        assert engines.wait_until_ready(LONG_S)
        taken: list[StartedEngine | None] = []
        thread = threading.Thread(target=lambda: taken.append(engines.take()))
        thread.start()
        thread.join()
        (started,) = taken
        with EngineChild(document, COUNT, started) as child:
            counted(child)


KEEP_ONE = """
import sys
from bifolio.conversion.standby import StandbyEngines
engines = StandbyEngines(1)
with engines:
    assert engines.wait_until_ready(60)
    print(engines._ready[0].pid, flush=True)
    sys.stdin.read()
"""


def test_a_killed_keeper_leaves_none() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", KEEP_ONE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as keeper:
        assert keeper.stdout is not None
        pid = int(keeper.stdout.readline())
        assert is_running(pid)
        keeper.kill()
    wait_until(lambda: not is_running(pid))


def test_a_machine_that_cannot_start_engines_is_asked_less_and_less(
    document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = 0

    def refuse(*_: object) -> StartedEngine:
        nonlocal starts
        starts += 1
        raise OSError("no memory")

    monkeypatch.setattr(standby, "StartedEngine", refuse)
    with StandbyEngines(1, pause_s=0, roles=(Role.COUNT,)) as engines:
        wait_until(lambda: starts == 1)
        assert not engines.wait_until_ready(0.2)
        assert engines.take() is None
    assert starts == 1
