"""GET /metrics for Prometheus: counts of all processes of this tree, and what the tables tell."""

import asyncio
import os
import shutil
from collections.abc import Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bifolio.entry.answers import answer, answer_text
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.details import may_see_details
from bifolio.entry.metrics_folder import SHARED_FOLDER_VARIABLE
from bifolio.infra.configuration import configuration

REQUESTS = Counter("bifolio_requests", "Answered requests.", ["area", "status"])
REQUEST_SECONDS = Histogram(
    "bifolio_request_seconds",
    "Time from the head of a request to the end of its answer.",
    ["area"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60),
)


class Metrics:
    """The ASGI application of /metrics."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer in detail to those who may see it, 403 to others."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_text(send, 405, "GET and HEAD only.", [(b"allow", b"GET, HEAD")])
        elif may_see_details(scope, self._token):
            text = await asyncio.to_thread(metrics_text)
            await answer(send, 200, text, CONTENT_TYPE_LATEST.encode(), [(b"cache-control", b"no-store")])
        else:
            await answer_text(send, 403, "Metrics are for this machine, or with BIFOLIO_METRICS_TOKEN.")


def metrics_text() -> bytes:
    """Return everything that is counted. Blocks on the database."""
    counted: CollectorRegistry = REGISTRY
    if SHARED_FOLDER_VARIABLE in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Tables())
    return generate_latest(counted) + generate_latest(asked)


class _Tables(Collector):
    """What can be asked instead of counted."""

    def collect(self) -> Iterator[Metric]:
        from django.db import DatabaseError, InterfaceError, connection

        disk = shutil.disk_usage(configuration().data)
        yield GaugeMetricFamily("bifolio_disk_free_bytes", "Free space of the data folder.", value=disk.free)
        try:
            yield from _jobs()
        except (DatabaseError, InterfaceError):
            # The counts above are wanted most when the database is away.
            return
        finally:
            connection.close()


def _jobs() -> Iterator[Metric]:
    from bifolio.infra.jobs.queries import job_counts, workers_alive

    jobs = GaugeMetricFamily("bifolio_jobs", "Jobs that are not done.", labels=["queue", "state"])
    for (queue, state), count in job_counts().items():
        jobs.add_metric([queue, state], count)
    yield jobs
    yield GaugeMetricFamily("bifolio_workers", "Workers that give signs of life.", value=workers_alive())
