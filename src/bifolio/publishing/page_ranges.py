"""How the pages of a document are shared out: to idle workers, and in turns with other documents.

A range of pages is a job. Between two pages its run looks around now and then: idle workers get a
part of what is left; when other documents wait, the rest goes to the end of the queue, so that
documents take turns. A document of slow pages may hold half of the workers, so that it never holds
all of them where there are two or more.
"""

import time
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from bifolio.conversion.events import PageRange
from bifolio.infra.jobs import JobRun, enqueue
from bifolio.infra.jobs.definition import JobDefinition
from bifolio.infra.jobs.lanes import CONVERSION
from bifolio.infra.jobs.queries import Demand, demand
from bifolio.publishing.models import Edition

LOOK_EVERY_S = 0.5
TURN_S = 2.0
"""How long a run goes on behind its first page while other documents wait: a new engine costs a fifteenth
of that, and how long it takes to open the document does not matter."""
SLOW_PAGE_S = 1.0
SLOW_PAUSE = timedelta(seconds=3)
FEWEST_PAGES = 4
"""A smaller part takes another worker longer to begin with than to convert."""


class SharedRange:
    """The pages that a run has taken on. ``pages`` shrinks when others take a part of them."""

    def __init__(self, run: JobRun, definition: JobDefinition, edition: Edition, pages: PageRange) -> None:
        self.pages = pages
        self._run = run
        self._definition = definition
        self._edition = edition
        self._first_page_at: float | None = None
        self._looked_at = float("-inf")

    def goes_on_after(self, number: int) -> bool:
        """Whether this run converts the page after ``number``: it is its own, and its turn is not over."""
        if number >= self.pages.last:
            return False
        now = time.monotonic()
        if self._first_page_at is None and number >= self.pages.first:
            self._first_page_at = now
        if now - self._looked_at >= LOOK_EVERY_S:
            self._look_around(number, now)
            self._looked_at = now
        return number < self.pages.last

    def postpone(self, run_at: datetime) -> None:
        """Queue what this run has still taken on again; pages that are done by then do not matter."""
        self._enqueue(self.pages, run_at)

    def _look_around(self, number: int, now: float) -> None:
        seen = demand(CONVERSION, {"edition_id": self._edition.pk})
        is_slow = self._is_slow()
        # A turn is a page at least: documents that all gave way to each other would never get on.
        is_turn_over = self._first_page_at is not None and (is_slow or now - self._first_page_at >= TURN_S)
        if is_slow and seen.is_behind(self._run.job_id, at_most=max(1, seen.workers // 2)):
            self._hand_over(number, timezone.now() + SLOW_PAUSE)
        elif seen.others_waiting and is_turn_over:
            self._hand_over(number)
        elif not is_slow and not seen.others_waiting:
            self._share(number, seen)

    def _is_slow(self) -> bool:
        page_s: float = Edition.objects.values_list("page_s", flat=True).get(pk=self._edition.pk)
        return page_s > SLOW_PAGE_S

    def _share(self, number: int, seen: Demand) -> None:
        """Give idle workers equal parts of what is left."""
        left = self.pages.last - number
        parts = min(seen.idle + 1, left // FEWEST_PAGES)
        if parts < 2:
            return
        ends = [number + left * part // parts for part in range(1, parts + 1)]
        others = [PageRange(first + 1, last) for first, last in pairwise(ends)]
        self._keep_until(ends[0], others)

    def _hand_over(self, number: int, run_at: datetime | None = None) -> None:
        rest = PageRange(number + 1, self.pages.last)
        self._keep_until(number, [rest], run_at)

    def _keep_until(self, last: int, others: list[PageRange], run_at: datetime | None = None) -> None:
        """Shrink the job and enqueue the rest, both or neither: no page is done twice after a death."""
        with transaction.atomic():
            self._run.check_lease()
            self.pages = PageRange(self.pages.first, last)
            self._run.change_payload(range_payload(self._edition.pk, self.pages))
            for pages in others:
                self._enqueue(pages, run_at)

    def _enqueue(self, pages: PageRange, run_at: datetime | None = None) -> None:
        enqueue(self._definition, range_payload(self._edition.pk, pages), run_at=run_at)


def range_payload(edition_id: int, pages: PageRange) -> dict[str, int]:
    """The payload of a job that converts a range."""
    return {"edition_id": edition_id, "first": pages.first, "last": pages.last}
