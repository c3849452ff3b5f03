"""Follow one edition's conversion to its end: in a running worker, or in this process when there is none."""

import os
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bifolio.cli.progress import pages_bar

if TYPE_CHECKING:
    from bifolio.publishing.models import Edition

_LOOK_EVERY_S = 0.2
_ASK_FOR_WORKERS_EVERY_S = 2.0


class ConversionWatch:
    """From ``with`` to its end. ``works_itself`` says that no worker was alive, so this process converts."""

    def __init__(self, edition_id: int) -> None:
        self._edition_id = edition_id
        self._own_workers = _OwnWorkers()
        self._asked_at = 0.0

    @property
    def works_itself(self) -> bool:
        """Whether the conversion runs in this process."""
        return self._own_workers.is_started

    def until_ended(self) -> "Edition":
        """Show the progress until the conversion has ended, and return the edition as it is then.

        Raises FlipbookNotFound when the flipbook is deleted meanwhile, JobInterrupted when this
        process can not go on converting.
        """
        from bifolio.publishing.models import EditionState

        with pages_bar("Converting") as show:
            while True:
                edition = self.look()
                show(edition.pages_done, edition.page_count)
                if edition.state != EditionState.PROCESSING:
                    return edition
                self._ensure_a_worker()
                time.sleep(_LOOK_EVERY_S)

    def look(self) -> "Edition":
        """Return the edition as it is now. Raises FlipbookNotFound."""
        from bifolio.publishing.errors import FlipbookNotFound
        from bifolio.publishing.models import Edition

        edition = Edition.objects.select_related("flipbook").get(pk=self._edition_id)
        if edition.flipbook.deleted_at is not None:
            raise FlipbookNotFound(edition.flipbook.hash)
        return edition

    def _ensure_a_worker(self) -> None:
        from bifolio.infra.jobs.errors import JobInterrupted
        from bifolio.infra.jobs.lanes import CONVERSION
        from bifolio.infra.jobs.queries import is_any_worker_alive

        if self._own_workers.is_started:
            if not self._own_workers.are_alive:
                raise JobInterrupted(self._edition_id)
            return
        if time.monotonic() - self._asked_at < _ASK_FOR_WORKERS_EVERY_S:
            return
        self._asked_at = time.monotonic()
        if not is_any_worker_alive(CONVERSION):
            self._own_workers.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own_workers.stop()


class _OwnWorkers:
    """Job workers in threads of this process, one for each processor, started at need."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"worker {number}")
            for number in range(1, (os.cpu_count() or 1) + 1)
        ]
        self.is_started = False

    @property
    def are_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self.is_started = True

    def stop(self) -> None:
        self._stop.set()
        if self.is_started:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        from bifolio.infra.jobs.lanes import CONVERSION, OPENING
        from bifolio.infra.jobs.worker import run_worker

        run_worker([OPENING, CONVERSION], self._stop)
