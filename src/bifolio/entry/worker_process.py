"""One worker process: a thread for each lane of jobs. ``python -m bifolio.entry.worker_process``."""

import argparse
import os
import select
import signal
import sys
import threading
import time

import structlog

from bifolio.entry.lifeline import die_with_parent
from bifolio.entry.sandbox_notice import notice_sandbox_soon

log = structlog.get_logger(__name__)

DRAIN_S = 25.0
SWEEP_EVERY_S = 60 * 60
LEFTOVER_AGE_S = 24 * 60 * 60


def run_worker_process() -> None:
    """Run jobs of every lane until SIGTERM or SIGINT; then the running ones end or are given back."""
    _set_up()
    from bifolio.conversion.sandbox_report import demand_sandbox
    from bifolio.conversion.standby import engines_standing_by

    demand_sandbox()
    notice_sandbox_soon()
    with engines_standing_by(1):
        _run_lanes()


def _run_lanes() -> None:
    from bifolio.infra.jobs.lanes import LANES
    from bifolio.infra.jobs.worker import JobWorker

    told = _told_by_signals()
    workers = [JobWorker(queues) for queues in LANES]
    # Daemons, because a job that does not end must not keep the process; it is given back instead.
    threads = [threading.Thread(target=worker.run, name="lane", daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    _sweep_until(told)
    for worker in workers:
        worker.stop()
    give_up_at = time.monotonic() + DRAIN_S
    for worker, thread in zip(workers, threads, strict=True):
        thread.join(max(0, give_up_at - time.monotonic()))
        if thread.is_alive():
            worker.give_back_now()


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bifolio.entry.settings"
    import django

    django.setup()
    from bifolio.infra.configuration import configuration
    from bifolio.infra.logs import configure_logging

    configure_logging(configuration().log_format)


def _told_by_signals() -> int:
    """Return a descriptor that can be read once the process is told to end.

    A pipe, because a handler may interrupt the main thread anywhere, even inside a lock.
    """
    told, tell = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.write(tell, b"!"))
    return told


def _sweep_until(told: int) -> None:
    """Take away what interrupted writes left behind, every hour until told to end."""
    ready: list[int] = []
    while not ready:
        try:
            _sweep()
        except Exception:
            # A disk or a database that is away must not end the worker; there is a next hour.
            log.exception("nothing swept")
        ready, _, _ = select.select([told], [], [], SWEEP_EVERY_S)


def _sweep() -> None:
    from bifolio.infra.configuration import configuration
    from bifolio.infra.incoming import sweep_incoming
    from bifolio.infra.storage import storage
    from bifolio.publishing.orphans import sweep_orphans
    from bifolio.publishing.purge_job import sweep_editions
    from bifolio.publishing.tiles import sweep_tiles

    sweep_incoming(configuration().data)
    storage().sweep_incoming(LEFTOVER_AGE_S)
    sweep_orphans(older_than_s=LEFTOVER_AGE_S)
    sweep_editions()
    sweep_tiles()


def main() -> int:
    """Parse the arguments and work."""
    parser = argparse.ArgumentParser(prog="bifolio worker")
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.lifeline is not None:
        die_with_parent(given.lifeline)
        run_worker_process()
        return 0
    from bifolio.entry.process_tree import migrate
    from bifolio.entry.start_errors import report
    from bifolio.infra.configuration import load_configuration
    from bifolio.kernel.errors import BifolioError
    from bifolio.publishing.sandbox import adopt_sandbox_settings

    try:
        adopt_sandbox_settings(load_configuration(os.environ))
        migrate()
        run_worker_process()
    except BifolioError as error:
        return report(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
