"""What can go wrong with flipbooks and uploads."""

from bifolio.kernel.errors import BifolioError


class FlipbookNotFound(BifolioError):
    """Unknown, deleted, or not within the asker's sight: one answer for all three."""

    def __init__(self, flipbook_hash: str) -> None:
        super().__init__(flipbook_hash)
        self.flipbook_hash = flipbook_hash


class FlipbookIsProcessing(BifolioError):
    """The change has to wait until the conversion has ended."""

    def __init__(self, flipbook_hash: str) -> None:
        super().__init__(flipbook_hash)
        self.flipbook_hash = flipbook_hash


class HashTaken(BifolioError):
    """The wanted hash belongs to a flipbook already, perhaps a deleted one."""

    def __init__(self, flipbook_hash: str) -> None:
        super().__init__(flipbook_hash)
        self.flipbook_hash = flipbook_hash


class HashMisshapen(BifolioError):
    """The wanted hash has not the shape of one: 7 to 10 lower-case letters and digits."""

    def __init__(self, flipbook_hash: str) -> None:
        super().__init__(flipbook_hash)
        self.flipbook_hash = flipbook_hash


class EditionNotFound(BifolioError):
    """The flipbook has no edition of this number, or has it no more."""

    def __init__(self, flipbook_hash: str, number: int) -> None:
        super().__init__(flipbook_hash, number)
        self.flipbook_hash, self.number = flipbook_hash, number


class EditionNotWhole(BifolioError):
    """The edition's conversion has not ended well, so it cannot be shown."""

    def __init__(self, flipbook_hash: str, number: int) -> None:
        super().__init__(flipbook_hash, number)
        self.flipbook_hash, self.number = flipbook_hash, number


class NoEarlierEdition(BifolioError):
    """No whole edition from before the shown one is kept."""

    def __init__(self, flipbook_hash: str) -> None:
        super().__init__(flipbook_hash)
        self.flipbook_hash = flipbook_hash


class UploadQuotaSpent(BifolioError):
    """The workspace has made ``limit`` uploads in this calendar month (UTC) already."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class UnsupportedFile(BifolioError):
    """Neither PDF nor JPEG nor PNG by its first bytes, or empty."""

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.file_name = file_name


class FileTooLarge(BifolioError):
    """The upload is larger than the installation takes."""

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(size_bytes, limit_bytes)
        self.size_bytes, self.limit_bytes = size_bytes, limit_bytes


class TooManyPages(BifolioError):
    """The document has more pages than the installation takes."""

    def __init__(self, page_count: int, limit: int) -> None:
        super().__init__(page_count, limit)
        self.page_count, self.limit = page_count, limit


class DiskAlmostFull(BifolioError):
    """Less than 5 % of the disk would be left; nothing is stored."""
