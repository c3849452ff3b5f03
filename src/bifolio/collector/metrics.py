"""What the collector tells Prometheus."""

from prometheus_client import Counter, Histogram

from bifolio.collector.errors import DropReason

BEACONS_COUNTED = Counter("bifolio_beacons_counted", "Beacons that were acknowledged, their state committed.")
COMMITS = Histogram(
    "bifolio_beacons_in_a_commit",
    "Beacons that shared one transaction.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
_DROPPED = Counter("bifolio_beacons_dropped", "Beacons, or pages of one, that do not count.", ["reason"])
DROPPED = {reason: _DROPPED.labels(reason.value) for reason in DropReason}
