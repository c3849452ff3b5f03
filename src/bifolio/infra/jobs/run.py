"""One attempt at a job, as its function sees it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bifolio.infra.jobs.errors import JobInterrupted


@dataclass(frozen=True, slots=True)
class JobRun:
    """One attempt. ``attempt`` counts from 1 to ``max_attempts``.

    ``cancelled`` is set when the run should end soon: shutdown, time-out, or a lost lease. Long
    work looks at it (or waits on it) between steps and calls ``raise_if_cancelled``; a function
    that returns instead has, as far as anybody knows, finished the job.
    """

    job_id: int
    attempt: int
    max_attempts: int
    confirm_lease: Callable[[], None]
    rewrite_payload: Callable[[dict[str, Any]], None] = lambda _payload: None
    forget_attempts: Callable[[], None] = lambda: None
    cancelled: threading.Event = field(default_factory=threading.Event)
    has_progressed: threading.Event = field(default_factory=threading.Event)

    @property
    def is_last_attempt(self) -> bool:
        """Whether the job is failed if this attempt fails."""
        return self.attempt >= self.max_attempts

    def check_lease(self) -> None:
        """Raise LeaseLost unless the job is still this run's.

        Call it first in each transaction that writes: the lease then stays with this run until
        that transaction ends.
        """
        self.confirm_lease()

    def change_payload(self, payload: dict[str, Any]) -> None:
        """Give a further attempt at this job another payload, such as less to do.

        It counts from the commit of the caller's transaction. Raises LeaseLost.
        """
        self.rewrite_payload(payload)

    def note_progress(self) -> None:
        """Let the attempts before this one count no more, because this one has got further.

        Call it in the transaction that writes what is never done again. So a job that is interrupted
        often, but gets on each time, ends well; one that gets nowhere fails after its last attempt.
        """
        if not self.has_progressed.is_set():
            self.forget_attempts()
            self.has_progressed.set()

    def raise_if_cancelled(self) -> None:
        """Raise JobInterrupted when the run should end. After a shutdown no attempt is counted."""
        if self.cancelled.is_set():
            raise JobInterrupted(self.job_id)
