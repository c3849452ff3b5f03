"""How slowly a body may come (security.md R9): never idle for long, seldom below a floor."""

import asyncio
import time

from bifolio.entry.asgi_types import Message, Receive
from bifolio.kernel.errors import BifolioError


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

    async def next(self, receive: Receive) -> Message:
        """Return the next part of the body. Raises BodyTooSlow, ClientGone."""
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(min(self._idle_s, max(0, self._credit_s))):
                message = await receive()
        except TimeoutError as error:
            raise BodyTooSlow from error
        if message["type"] == "http.disconnect":
            raise ClientGone
        earned_s = len(message.get("body", b"")) / self._floor
        waited_s = time.monotonic() - began_at
        self._credit_s = min(self._grace_s, self._credit_s - waited_s + earned_s)
        return message
