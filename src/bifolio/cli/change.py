"""`bifolio change`: what a flipbook says of itself, who may open it, and how the player shows it."""

from typing import Annotated

import typer

from bifolio.cli.console import say, say_json
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson, Hash, PlayerSettings, PublishStatus, player_settings_of, status_option
from bifolio.cli.show import facts_of, links_of


def change(
    flipbook_hash: Hash,
    *,
    title: Annotated[str | None, typer.Option("--title", help="A new title.")] = None,
    description: Annotated[
        str | None, typer.Option("--description", help="A new description; empty clears it.")
    ] = None,
    status: Annotated[
        PublishStatus | None,
        status_option("Who may open it."),
    ] = None,
    player_settings: PlayerSettings = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given and leave the rest; print the link, which is a new one for a published draft."""
    settings = player_settings_of(player_settings)
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.models import FlipbookStatus
    from bifolio.publishing.queries import find_flipbook
    from bifolio.publishing.services import FlipbookDetails, update_flipbook

    details = FlipbookDetails(
        title=title,
        description=description,
        status=FlipbookStatus(status) if status else None,
        player_settings=settings,
    )
    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    changed = update_flipbook(actor=Actor.operator(), flipbook=flipbook, details=details)
    if as_json:
        say_json({**facts_of(changed), **links_of(changed)})
    else:
        say(links_of(changed)["link"])
