"""What can go wrong with stored files."""

from bifolio.kernel.errors import BifolioError


class StorageFull(BifolioError):
    """No space or quota left; nothing of the write is visible."""


class BlobMissing(BifolioError):
    """Nothing is stored under ``key``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class BlobConflict(BifolioError):
    """Something else is stored under ``key`` already, and what is stored never changes."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class InvalidKey(BifolioError):
    """``key`` is not one of the store's: a namespace, then folders and a name of plain characters."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
