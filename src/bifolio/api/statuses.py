"""The one table of what the wire can answer. Must not import Django."""

from enum import Enum

from bifolio.kernel.errors import BifolioError


class Status(Enum):
    """A status of the wire contract: ``code`` and ``text`` stand in every body."""

    OK = (20, "OK")
    MAINTENANCE = (22, "Maintenance mode")
    MISSING_PARAMETER = (30, "Missing mandatory parameter")
    TOO_MANY_A_SECOND = (31, "Requests per second limit exceeded")
    TOO_MANY_A_MINUTE = (32, "Requests per minute limit exceeded")
    UPLOADS_SPENT = (33, "Uploads per month exceeded")
    FILE_TOO_LARGE = (34, "File size too large")
    TOO_MANY_PAGES = (35, "Collection maximum pages number exceeded")
    SEVERAL_FILES = (36, "Multiple files upload not allowed")
    NO_FLIPBOOK_DELETE = (37, "Delete flipbook not available for this collection")
    PROCESSING = (38, "Collection is in processing state")
    BAD_REQUEST = (40, "Bad request")
    INVALID_CREDENTIALS = (41, "Invalid credentials")
    INVALID_ACTION = (42, "Invalid action")
    FORBIDDEN = (43, "Forbidden")
    INVALID_SIGNATURE = (44, "Invalid signature")
    INVALID_FILE = (45, "Invalid file format")
    INVALID_HASH = (46, "Invalid collection hash")
    INTERNAL_ERROR = (50, "Internal server error")

    @property
    def code(self) -> int:
        """The number that clients read."""
        return self.value[0]

    @property
    def text(self) -> str:
        """The message of the number."""
        return self.value[1]


class WireProblem(BifolioError):
    """A refusal of the wire: its status, the reason in words, and when to try again."""

    def __init__(self, status: Status, reason: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(status, reason)
        self.status, self.reason, self.retry_after_s = status, reason, retry_after_s
