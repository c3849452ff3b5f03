"""How many uploads are received at once, and which one goes when another needs its place. No Django.

Key and signature may follow the file, so that until its end nobody knows whose an upload is. A
stranger can therefore hold a place, but only by sending as fast as somebody who means it: else
the slowest makes room for whoever comes, who may well be faster.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bifolio.entry.body_sinks import StopReceiving
from bifolio.entry.pace import Pace
from bifolio.infra.client_address import client_network
from bifolio.infra.received import BodyProblem

KEEPS_ITS_PLACE_BYTES_PER_S = 64_000
_log = structlog.get_logger(__name__)


class UploadPlaces:
    """The uploads under way in one process, counted by client address and in all."""

    def __init__(self, *, of_address: int, in_all: int) -> None:
        self._of_address, self._in_all = of_address, in_all
        self._taken: dict[Pace, str] = {}

    @contextmanager
    def place(self, address: str, pace: Pace) -> Iterator[None]:
        """Hold a place for an upload that comes at ``pace``; another may end it by ``pace.end``.

        Raises StopReceiving when all places are kept by uploads that are fast enough.
        """
        network = client_network(address)
        rivals = self._rivals(network)
        if rivals:
            self._end_slowest_of(rivals)
        self._taken[pace] = network
        try:
            yield
        finally:
            self._taken.pop(pace, None)

    def _rivals(self, network: str) -> list[Pace]:
        """Return the uploads of which one has to go before another of ``network`` has a place."""
        of_network = [pace for pace, taken_by in self._taken.items() if taken_by == network]
        if len(of_network) >= self._of_address:
            return of_network
        return list(self._taken) if len(self._taken) >= self._in_all else []

    def _end_slowest_of(self, rivals: list[Pace]) -> None:
        slowest = min(rivals, key=lambda pace: pace.bytes_per_s())
        bytes_per_s = slowest.bytes_per_s()
        if bytes_per_s >= KEEPS_ITS_PLACE_BYTES_PER_S:
            raise _stop("too many uploads are under way; try again when some have ended")
        _log.warning("slow upload ended", client=self._taken.pop(slowest), bytes_per_s=round(bytes_per_s))
        slowest.end(_stop("too many uploads are under way and this one was the slowest; try again later"))


def _stop(detail: str) -> StopReceiving:
    return StopReceiving(BodyProblem.TOO_MANY_UPLOADS, detail)
