"""A worker process with quick timing: ``python -m tests.infra.jobs.worker_main [QUEUE…]``."""

import os
import signal
import sys
import threading

import django


def main() -> None:
    django.setup()
    from bifolio.infra.jobs.heart import WorkerTiming
    from bifolio.infra.jobs.worker import JobWorker
    from tests.infra.jobs import sample_jobs  # noqa: F401

    timing = WorkerTiming(beat_s=0.1, lease_beats=5, poll_s=float(os.environ.get("POLL_S", "1")), grace_s=0.3)
    worker = JobWorker(sys.argv[1:] or ["test"], timing)
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(tell, b"!"))

    def stop_when_told() -> None:
        os.read(told, 1)
        worker.stop()

    threading.Thread(target=stop_when_told, daemon=True).start()
    worker.run()


main()
