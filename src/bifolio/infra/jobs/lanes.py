"""The queues there are, and which of them share a worker: long jobs never hold short ones up."""

CONVERSION = "conversion"
UPKEEP = "upkeep"

LANES: tuple[tuple[str, ...], ...] = ((CONVERSION,), (UPKEEP,))
"""Each worker process runs one job of each lane at a time."""
