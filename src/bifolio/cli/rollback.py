"""`bifolio rollback`: show an earlier edition again."""

from typing import Annotated

import typer

from bifolio.cli.console import note, pages_in_words, say
from bifolio.cli.installation import open_installation
from bifolio.cli.options import Hash, whole_number


def rollback(
    flipbook_hash: Hash,
    number: Annotated[
        int | None,
        typer.Argument(
            parser=whole_number(1),
            metavar="EDITION",
            help="Its number. Default: the whole one before the shown one.",
        ),
    ] = None,
) -> None:
    """Show an earlier edition of a flipbook again, under the same links.

    The edition that was shown stays, so that you can go forward again by its number.
    """
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.history import roll_back
    from bifolio.publishing.links import direct_link
    from bifolio.publishing.queries import find_flipbook

    operator = Actor.operator()
    flipbook = find_flipbook(actor=operator, flipbook_hash=flipbook_hash)
    flipbook = roll_back(actor=operator, flipbook=flipbook, number=number)
    shown = flipbook.shown_edition
    pages = pages_in_words(shown.page_count or 0)
    note(f"{flipbook.title}: edition {shown.number} is shown ({shown.file_name}, {pages}).")
    say(direct_link(flipbook))
