"""`bifolio stats`: what readers did."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from bifolio.cli.console import say_json, say_table
from bifolio.cli.installation import find_workspaces, open_installation
from bifolio.cli.options import Account, AsJson, day

_COLUMNS = ("IMPRESSIONS", "VIEWS", "SECONDS", "DOWNLOADS")
_PAGE_COLUMNS = ("PAGE", "VIEWS", "CLICKS", "SECONDS")


def stats(
    flipbook_hash: Annotated[
        str | None, typer.Argument(metavar="HASH", help="A flipbook; without one: each workspace.")
    ] = None,
    *,
    account: Account = None,
    pages: Annotated[bool, typer.Option("--pages", help="Page by page; needs a HASH.")] = False,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First day that counts; needs a HASH."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=day, metavar="YYYY-MM-DD", help="Last day that counts; needs a HASH."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show impressions, views, reading time and downloads.

    Days are days of the workspace's time zone.
    """
    if flipbook_hash is None and (pages or first or last):
        raise typer.BadParameter("--pages, --from and --to need a HASH.")
    if first and last and last < first:
        raise typer.BadParameter("--to is before --from.")
    open_installation()
    if flipbook_hash is None:
        _say(("ACCOUNT", "NAME", *_COLUMNS), _workspaces(account), as_json=as_json)
    elif pages:
        _say(_PAGE_COLUMNS, _pages(flipbook_hash, first, last), as_json=as_json)
    else:
        _say_counts(_flipbook(flipbook_hash, first, last), as_json=as_json)


def _workspaces(account_id: str | None) -> list[dict[str, object]]:
    from bifolio.stats.queries import workspace_counts

    return [
        {"account": found.account_id, "name": found.name, **asdict(workspace_counts(found.pk))}
        for found in find_workspaces(account_id)
    ]


def _flipbook(flipbook_hash: str, first: date | None, last: date | None) -> dict[str, object]:
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook
    from bifolio.stats.queries import flipbook_counts

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    return asdict(flipbook_counts(flipbook.pk, start=first, end=last))


def _pages(flipbook_hash: str, first: date | None, last: date | None) -> list[dict[str, object]]:
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook
    from bifolio.stats.queries import page_counts

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    page_count = flipbook.shown_edition.page_count or 0
    return [asdict(counts) for counts in page_counts(flipbook.pk, page_count, start=first, end=last)]


def _say(columns: tuple[str, ...], rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        say_json(rows)
    else:
        say_table(columns, [list(row.values()) for row in rows])


def _say_counts(counts: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        say_json(counts)
    else:
        say_table(_COLUMNS, [list(counts.values())])
