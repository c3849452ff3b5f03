"""`bifolio list`: the flipbooks that there are."""

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bifolio.cli.console import note, say_json, say_table
from bifolio.cli.installation import find_workspaces, open_installation
from bifolio.cli.options import Account, AsJson

if TYPE_CHECKING:
    from bifolio.accounts.models import Workspace
    from bifolio.publishing.models import Flipbook

_AT_ONCE = 500


def list_flipbooks(*, account: Account = None, as_json: AsJson = False) -> None:
    """List the flipbooks of every workspace, or of the one of --account, newest first."""
    open_installation()
    rows = [_facts(flipbook) for flipbook in _flipbooks(account)]
    if as_json:
        say_json(rows)
        return
    columns = ("HASH", "TITLE", "STATUS", "STATE", "PAGES", "CREATED", "ACCOUNT")
    say_table(columns, [list(row.values()) for row in rows])
    if not rows:
        note("There is no flipbook yet. Publish one: bifolio publish FILE.pdf")


def _flipbooks(account_id: str | None) -> "Iterator[Flipbook]":
    of_each = [_flipbooks_of(workspace) for workspace in find_workspaces(account_id)]
    return heapq.merge(*of_each, key=lambda flipbook: (flipbook.created_at, flipbook.pk), reverse=True)


def _flipbooks_of(workspace: "Workspace") -> "Iterator[Flipbook]":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import list_flipbooks as find

    start = 0
    while True:
        found = find(actor=Actor.operator(), workspace=workspace, start=start, limit=_AT_ONCE)
        yield from found.flipbooks
        start += _AT_ONCE
        if start >= found.count:
            break


def _facts(flipbook: "Flipbook") -> dict[str, str | int]:
    from bifolio.publishing.queries import item_of

    item = item_of(flipbook)
    return {
        "hash": flipbook.hash,
        "title": flipbook.title,
        "status": flipbook.status,
        "state": item.state.value,
        "pages": item.page_count,
        "created": flipbook.created_at.isoformat(timespec="seconds"),
        "account": flipbook.workspace.account_id,
    }
