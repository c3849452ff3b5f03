"""Who asks for many flipbooks that do not exist is guessing hashes (security.md C1)."""

import threading
import time
from collections import OrderedDict

from bifolio.infra.client_address import client_network


class Misses:
    """The different hashes that each client missed within one window, in this process's memory.

    ``limit`` misses within ``window_s`` seconds are let through; at most ``clients`` are remembered.
    The same hash again is no guess: one dead embed on a much read page must not close the library
    to everybody who shares an address.
    """

    def __init__(self, *, limit: int, window_s: int, clients: int = 10_000) -> None:
        self.limit, self.window_s, self._clients = limit, window_s, clients
        self._missed: OrderedDict[str, tuple[float, set[int]]] = OrderedDict()
        self._lock = threading.Lock()

    def is_over(self, address: str) -> bool:
        """Whether the client at this address has used up its misses of the running window."""
        with self._lock:
            began_at, missed = self._missed.get(client_network(address), (0.0, set()))
            return len(missed) >= self.limit and time.monotonic() - began_at < self.window_s

    def count(self, address: str, flipbook_hash: str) -> None:
        """Note that the client asked for a flipbook that is not there."""
        client = client_network(address)
        with self._lock:
            now = time.monotonic()
            began_at, missed = self._missed.pop(client, (now, set()))
            if now - began_at >= self.window_s:
                began_at, missed = now, set()
            missed.add(hash(flipbook_hash))
            self._missed[client] = (began_at, missed)
            if len(self._missed) > self._clients:
                self._missed.popitem(last=False)


MISSES = Misses(limit=120, window_s=60)
