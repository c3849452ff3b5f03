"""Wait for a condition instead of sleeping."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], timeout_s: float = 30) -> None:
    """Return as soon as ``condition`` is true; fail after ``timeout_s``."""
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_at, f"waited {timeout_s} s in vain"
        time.sleep(0.01)
