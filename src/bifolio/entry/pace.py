"""How slowly a body may come (security.md R9): never idle for long, seldom below a floor."""

import asyncio
import math
import time

from bifolio.entry.asgi_types import Message, Receive
from bifolio.kernel.errors import BifolioError

_MEMORY_S = 5.0


class BodyTooSlow(BifolioError):
    """The client sent nothing for too long, or too little."""


class ClientGone(BifolioError):
    """The client vanished before its body was whole."""


class Pace:
    """The time account of one body: waiting spends it, bytes earn it back up to the grace.

    Only waiting for the client counts, so that a busy disk is nobody's fault but ours.
    """

    def __init__(self, *, idle_s: float, grace_s: float, floor_bytes_per_s: float) -> None:
        self._idle_s, self._grace_s, self._floor = idle_s, grace_s, floor_bytes_per_s
        self._credit_s = grace_s
        self._recent_bytes = 0.0
        self._waiting_since: float | None = None
        self._deadline: asyncio.Timeout | None = None
        self._ended_by: BifolioError | None = None

    async def next(self, receive: Receive) -> Message:
        """Return the next part of the body. Raises BodyTooSlow, ClientGone, and what ``end`` was given."""
        if self._ended_by is not None:
            raise self._ended_by
        self._waiting_since = time.monotonic()
        try:
            async with asyncio.timeout(min(self._idle_s, max(0, self._credit_s))) as self._deadline:
                message = await receive()
        except TimeoutError as error:
            raise self._ended_by or BodyTooSlow() from error
        finally:
            waited_s = self._waited_s()
            self._deadline = self._waiting_since = None
        if message["type"] == "http.disconnect":
            raise ClientGone
        size_bytes = len(message.get("body", b""))
        self._credit_s = min(self._grace_s, self._credit_s - waited_s + size_bytes / self._floor)
        self._recent_bytes = self._recent_bytes * math.exp(-waited_s / _MEMORY_S) + size_bytes
        return message

    def bytes_per_s(self) -> float:
        """Return how fast the body comes at present: what came counts less and less, to a third in 5 s.

        A body that has just begun has to show its speed: it starts from nothing.
        """
        return self._recent_bytes * math.exp(-self._waited_s() / _MEMORY_S) / _MEMORY_S

    def end(self, reason: BifolioError) -> None:
        """Let ``next`` raise ``reason``, at once if it is waiting. Call it on the event loop."""
        self._ended_by = reason
        if self._deadline is not None and not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time())

    def _waited_s(self) -> float:
        return time.monotonic() - self._waiting_since if self._waiting_since is not None else 0.0
