"""The base of every error that Bifolio raises on purpose. Imports nothing."""


class BifolioError(Exception):
    """Something that a caller may expect to go wrong.

    Subclasses carry data (hashes, limits, sizes), never sentences for people:
    those live in the doors.
    """
