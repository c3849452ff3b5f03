"""Questions about flipbooks, asked by those who publish them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from bifolio.accounts.actors import Actor, Permission
from bifolio.accounts.models import Workspace
from bifolio.infra.configuration import configuration
from bifolio.publishing.errors import FlipbookIsProcessing, FlipbookNotFound
from bifolio.publishing.models import Edition, EditionState, Flipbook, FlipbookStatus, IdempotentCreation
from bifolio.publishing.quotas import uploads_this_month

_ORDERS = {"name": "title", "date": "created_at", "status": "status"}


@dataclass(frozen=True, slots=True)
class FlipbookList:
    """A stretch of a workspace's flipbooks, and how many match in all."""

    count: int
    flipbooks: list[Flipbook]


@dataclass(frozen=True, slots=True)
class Item:
    """The state of a flipbook's document for those who publish it.

    ``failure`` is the reason's name, empty unless a conversion failed; with a replacement under
    way ``progress`` is the replacement's while state and pages are the whole edition's before it.
    Where there is none before it, because that one has failed, everything is the replacement's.
    """

    state: EditionState
    page_count: int
    progress: int
    failure: str


def find_flipbook(*, actor: Actor, flipbook_hash: str) -> Flipbook:
    """Return the flipbook of a hash or an alias.

    Raises FlipbookNotFound when it is unknown, deleted or another's.
    """
    found = flipbooks_by_hash(flipbook_hash).first()
    if found is None or not actor.reaches(found.workspace_id):
        raise FlipbookNotFound(flipbook_hash)
    actor.require(Permission.READ_FLIPBOOKS, found.workspace)
    return found


def flipbooks_by_hash(flipbook_hash: str) -> QuerySet[Flipbook]:
    """Select the living flipbook of a hash or an alias, with all that a door shows of it."""
    is_named = Q(hash=flipbook_hash) | Q(aliases__hash=flipbook_hash)
    return _with_editions(Flipbook.objects.filter(is_named, deleted_at=None))


def list_flipbooks(
    *,
    actor: Actor,
    workspace: Workspace,
    status: FlipbookStatus | None = None,
    query: str = "",
    start: int = 0,
    limit: int = 50,
    order_by: str | None = None,
    descending: bool = False,
) -> FlipbookList:
    """Return ``limit`` flipbooks from index ``start`` on; newest first unless ``order_by`` says otherwise.

    ``order_by`` is ``name``, ``date`` or ``status``; ``query`` is looked for in title and description.
    """
    actor.require(Permission.READ_FLIPBOOKS, workspace)
    found = Flipbook.objects.filter(workspace=workspace, deleted_at=None)
    if status is not None:
        found = found.filter(status=status)
    if query:
        found = found.filter(Q(title__icontains=query) | Q(description__icontains=query))
    ordered = _with_editions(found).order_by(*_order(order_by, descending=descending))
    return FlipbookList(found.count(), list(ordered[start : start + limit]))


def uploads_left(workspace: Workspace) -> int | None:
    """Return how many uploads the workspace has left this month (UTC), or None without a limit."""
    limit = configuration().uploads_per_month
    return None if limit is None else max(0, limit - uploads_this_month(workspace))


def item_of(flipbook: Flipbook) -> Item:
    """Return the state of the flipbook's document."""
    before, replacement = flipbook.fallback_edition or flipbook.shown_edition, flipbook.replacement
    if replacement is not None and before.state == EditionState.FAILED:
        before = replacement
    failed = None if replacement else failed_edition(flipbook)
    return Item(
        state=EditionState(before.state),
        page_count=before.page_count or 0,
        progress=(replacement or before).progress,
        failure=failed.failure if failed else "",
    )


def failed_edition(flipbook: Flipbook) -> Edition | None:
    """Return the edition whose failure publishers are told of, if there is one: the latest."""
    for edition in (flipbook.next_edition, flipbook.shown_edition):
        if edition is not None and edition.state == EditionState.FAILED:
            return edition
    return None


def require_settled(flipbook: Flipbook, *, is_replacing: bool) -> None:
    """Raise FlipbookIsProcessing while a conversion must end before a change.

    ``is_replacing`` says that the change brings a file or a status, which must not meet a
    replacement on its way.
    """
    is_new = flipbook.shown_edition.state == EditionState.PROCESSING and flipbook.fallback_edition is None
    if is_new or (is_replacing and flipbook.replacement is not None):
        raise FlipbookIsProcessing(flipbook.hash)


def made_before(workspace: Workspace, idempotency_key: str | None) -> Flipbook | None:
    """Return the flipbook that an earlier call with this Idempotency-Key has made, if any.

    Raises FlipbookNotFound when it has been deleted since: a retry must not promise a dead link.
    """
    if not idempotency_key:
        return None
    found = IdempotentCreation.objects.filter(workspace=workspace, key=idempotency_key)
    creation = found.select_related("flipbook__workspace", "flipbook__current_edition").first()
    if creation is not None and creation.flipbook.deleted_at is not None:
        raise FlipbookNotFound(creation.flipbook.hash)
    return creation.flipbook if creation else None


def _with_editions(flipbooks: QuerySet[Flipbook]) -> QuerySet[Flipbook]:
    return flipbooks.select_related("workspace", "current_edition", "next_edition", "fallback_edition")


def _order(order_by: str | None, *, descending: bool) -> list[str]:
    if order_by is None:
        return ["-created_at", "-pk"]
    sign = "-" if descending else ""
    return [f"{sign}{_ORDERS[order_by]}", f"{sign}pk"]
