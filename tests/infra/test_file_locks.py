import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bifolio.infra.file_locks import exclusive_lock, is_locked
from bifolio.kernel.errors import BifolioError
from tests.waiting import wait_until


class _TakenError(BifolioError):
    """The lock is another's."""


def test_one_holds_it_and_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run" / "some.lock"
    assert not is_locked(path)
    with exclusive_lock(path, taken=_TakenError()):
        assert is_locked(path)
        with pytest.raises(_TakenError), exclusive_lock(path, taken=_TakenError()):
            pass
    assert not is_locked(path)


def test_without_a_refusal_it_waits(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    order: list[str] = []

    def wait_for_it() -> None:
        with exclusive_lock(path):
            order.append("second")

    waiting = threading.Thread(target=wait_for_it)
    with exclusive_lock(path):
        waiting.start()
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


def test_what_the_holder_wrote_stays_when_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    with exclusive_lock(path) as lock:
        lock.write("4711\n")
        lock.flush()
        with pytest.raises(_TakenError), exclusive_lock(path, taken=_TakenError()):
            pass
        assert path.read_text() == "4711\n"


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    code = (
        "import sys, signal; from pathlib import Path; from bifolio.infra.file_locks import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1])): signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)]) as holder:
        wait_until(lambda: is_locked(path))
        holder.kill()
    assert not is_locked(path)
