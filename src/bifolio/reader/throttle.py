"""Who asks for many flipbooks that do not exist is guessing hashes (security.md C1)."""

import threading
import time
from collections import OrderedDict


class Misses:
    """Misses of each address within one window, in this process's memory.

    ``limit`` misses within ``window_s`` seconds are let through; at most ``addresses`` are remembered.
    """

    def __init__(self, *, limit: int, window_s: int, addresses: int = 10_000) -> None:
        self.limit, self.window_s, self._addresses = limit, window_s, addresses
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def is_over(self, address: str) -> bool:
        """Whether the address has used up its misses of the running window."""
        with self._lock:
            began_at, count = self._counts.get(address, (0.0, 0))
            return count >= self.limit and time.monotonic() - began_at < self.window_s

    def count(self, address: str) -> None:
        """Add one miss of the address."""
        with self._lock:
            now = time.monotonic()
            began_at, count = self._counts.pop(address, (now, 0))
            if now - began_at >= self.window_s:
                began_at, count = now, 0
            self._counts[address] = (began_at, count + 1)
            if len(self._counts) > self._addresses:
                self._counts.popitem(last=False)


MISSES = Misses(limit=120, window_s=60)
