"""`bifolio reconvert`: today's engine draws the pages of flipbooks anew."""

from typing import TYPE_CHECKING, Annotated

import typer

from bifolio.cli.console import note, say, say_json
from bifolio.cli.conversion_end import await_end
from bifolio.cli.errors import ConversionFailed
from bifolio.cli.installation import find_workspaces, open_installation
from bifolio.cli.options import Account, AsJson

if TYPE_CHECKING:
    from bifolio.publishing.models import Flipbook

Outcome = dict[str, str | int]


def reconvert(
    hashes: Annotated[list[str] | None, typer.Argument(metavar="HASH…", help="Flipbooks.")] = None,
    *,
    all_of_them: Annotated[bool, typer.Option("--all", help="Every flipbook.")] = False,
    older: Annotated[
        bool, typer.Option("--older-than-engine", help="Every flipbook that another engine has converted.")
    ] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Convert the originals of flipbooks again, one after another.

    No upload is counted. Readers keep the old pages until the new page 1 is there, and get them
    back if a conversion fails. The old pages leave after 24 hours. Exits with 1 when one failed.
    """
    if sum([bool(hashes), all_of_them, older]) != 1:
        raise typer.BadParameter("Name flipbooks, or give --all or --older-than-engine.")
    open_installation()
    flipbooks = _named(hashes) if hashes else _of_workspaces(account, only_older=older)
    outcomes = [
        _reconvert(flipbook, f"{place} of {len(flipbooks)}") for place, flipbook in enumerate(flipbooks, 1)
    ]
    failed = [outcome for outcome in outcomes if outcome["failure"]]
    if as_json:
        say_json(outcomes)
    else:
        say(f"Converted anew: {len(outcomes) - len(failed)} of {len(outcomes)}.")
    if failed:
        raise typer.Exit(1)


def _named(hashes: list[str]) -> "list[Flipbook]":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook

    return [find_flipbook(actor=Actor.operator(), flipbook_hash=each) for each in hashes]


def _of_workspaces(account: str | None, *, only_older: bool) -> "list[Flipbook]":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.history import made_by_another_engine, whole_flipbooks

    select = made_by_another_engine if only_older else whole_flipbooks
    return [
        flipbook
        for workspace in find_workspaces(account)
        for flipbook in select(actor=Actor.operator(), workspace=workspace)
    ]


def _reconvert(flipbook: "Flipbook", place: str) -> Outcome:
    """Convert one flipbook anew; what is wrong with it must not keep the next one from its turn."""
    from bifolio.accounts.actors import Actor
    from bifolio.cli.words import words_for
    from bifolio.publishing import history
    from bifolio.publishing.errors import FlipbookIsProcessing, FlipbookNotFound

    note(f"{flipbook.hash}, {place}: {flipbook.title}")
    outcome: Outcome = {"hash": flipbook.hash, "edition": 0, "failure": ""}
    try:
        edition = history.reconvert(actor=Actor.operator(), flipbook=flipbook)
        outcome["edition"] = edition.number
        await_end(edition)
    except (ConversionFailed, FlipbookIsProcessing, FlipbookNotFound) as error:
        outcome["failure"] = words_for(error)
        note(f"  {words_for(error)}")
    return outcome
