"""What may go wrong between a beacon and its number. Imports the kernel only."""

from enum import StrEnum

from bifolio.kernel.errors import BifolioError


class DropReason(StrEnum):
    """Why a beacon, a page of it, or a whole visit does not count."""

    TOO_LARGE = "too_large"
    SLOW = "slow"
    CUT = "cut"
    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"
    PAGE_OUT_OF_RANGE = "page_out_of_range"
    OWN_TEAM = "own_team"
    BOT = "bot"
    UNAVAILABLE = "unavailable"
    OVERLOADED = "overloaded"
    REFUSED = "refused"


class BeaconDropped(BifolioError):
    """A beacon that will not be counted, for ``reason``."""

    def __init__(self, reason: DropReason) -> None:
        super().__init__(reason)
        self.reason = reason


class LedgerUnavailable(BifolioError):
    """The database does not answer, is locked or full: the same work may succeed later."""
