"""What create and update may say of a flipbook, from the wire's names to the domain's."""

from enum import StrEnum
from typing import Any

from bifolio.api.typed import MethodParameters, Password, Pixels
from bifolio.publishing.models import FlipbookStatus
from bifolio.publishing.services import FlipbookDetails


class WireStatus(StrEnum):
    """The words for who may open a collection; ``private`` is an older one for unlisted."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    EDITABLE = "editable"
    PRIVATE = "private"

    @property
    def flipbook_status(self) -> FlipbookStatus:
        """The domain's word."""
        return FlipbookStatus.UNLISTED if self is WireStatus.PRIVATE else FlipbookStatus(self.value)


class DetailParameters(MethodParameters, frozen=True, kw_only=True, rename="camel"):
    """Settings of a flipbook; the short names count where the long one is absent.

    ``file_password`` opens a locked PDF, and has no effect without a file.
    """

    title: str | None = None
    description: str | None = None
    collection_width: Pixels | None = None
    collection_height: Pixels | None = None
    collection_status: WireStatus | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    status: WireStatus | None = None
    player_settings: dict[str, Any] | None = None
    file_url: str = ""
    file_password: Password = ""


def details_of(given: DetailParameters, *, keep_blank_description: bool) -> FlipbookDetails:
    """Return the domain's details. A blank title is never taken; a blank description only clears one."""
    status = given.collection_status or given.status
    is_described = bool(given.description) or keep_blank_description
    return FlipbookDetails(
        title=given.title.strip() or None if given.title else None,
        description=given.description if is_described else None,
        width=given.collection_width or given.width,
        height=given.collection_height or given.height,
        status=status.flipbook_status if status else None,
        player_settings=given.player_settings,
    )
