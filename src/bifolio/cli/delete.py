"""`bifolio delete`: take a flipbook back."""

import sys
from typing import Annotated

import typer

from bifolio.cli.console import say
from bifolio.cli.errors import NotConfirmed
from bifolio.cli.installation import open_installation
from bifolio.cli.options import Hash


def delete(
    flipbook_hash: Hash,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False,
) -> None:
    """Delete a flipbook: its links die at once, its statistics stay, its file goes after 30 days."""
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook
    from bifolio.publishing.services import delete_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    if not yes and not _is_confirmed(flipbook.title):
        raise NotConfirmed
    delete_flipbook(actor=Actor.operator(), flipbook=flipbook)
    say(f"Deleted {flipbook.hash}.")


def _is_confirmed(title: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(f"Delete “{title}” for good?", err=True)
