import subprocess
import sys
from pathlib import Path

from bifolio.infra.numbered_locks import NumberedLocks, numbered_locks

HOLD = """
import sys
from pathlib import Path
from bifolio.infra.numbered_locks import NumberedLocks
print(NumberedLocks(Path(sys.argv[1])).try_lock(int(sys.argv[2])), flush=True)
sys.stdin.read()
"""


def held_elsewhere(path: Path, number: int) -> subprocess.Popen[str]:
    """Another process that tries to take a lock and holds it until it ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_process_keeps_another_out_of_a_number_until_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "run" / "locks"
    locks = NumberedLocks(path)
    with held_elsewhere(path, 7) as other:
        assert answer_of(other) == "True"
        assert not locks.try_lock(7)
        assert locks.try_lock(8)
        other.kill()
    assert locks.try_lock(7)
    with held_elsewhere(path, 7) as other:
        assert answer_of(other) == "False"
        other.kill()
    locks.unlock(7)
    with held_elsewhere(path, 7) as other:
        assert answer_of(other) == "True"
        other.kill()


def test_threads_of_a_process_keep_each_other_out_too(tmp_path: Path) -> None:
    locks = numbered_locks(tmp_path / "locks")
    assert numbered_locks(tmp_path / "locks") is locks
    large = (1 << 62) - 1
    assert locks.try_lock(large)
    assert not locks.try_lock(large)
    locks.unlock(large)
    assert locks.try_lock(large)
    assert (tmp_path / "locks").stat().st_size == 0
