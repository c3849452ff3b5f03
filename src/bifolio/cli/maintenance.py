"""`bifolio maintenance`: close the API for a while."""

from enum import StrEnum
from typing import Annotated

import typer

from bifolio.cli.console import say
from bifolio.cli.installation import open_installation
from bifolio.cli.options import one_of


class _Position(StrEnum):
    ON = "on"
    OFF = "off"


def maintenance(
    position: Annotated[
        _Position | None,
        typer.Argument(parser=one_of(_Position), metavar="on|off", help="Without it: say how it stands."),
    ] = None,
) -> None:
    """Let the API answer status 22 to every call while maintenance is on. Readers notice nothing."""
    open_installation(migrate=False)
    from bifolio.infra.maintenance import is_on, switch

    if position is not None:
        switch(on=position == _Position.ON)
    say(f"Maintenance is {'on: the API answers 22 to every call' if is_on() else 'off'}.")
