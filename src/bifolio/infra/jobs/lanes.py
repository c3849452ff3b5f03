"""The queues there are, and which of them share a worker: long jobs never hold short ones up."""

OPENING = "opening"
"""First pages of documents: nobody's other pages delay them."""
CONVERSION = "conversion"
UPKEEP = "upkeep"

LANES: tuple[tuple[str, ...], ...] = ((OPENING,), (CONVERSION,), (UPKEEP,))
"""Each worker process runs one job of each lane at a time."""
