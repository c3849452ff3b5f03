"""Options that several commands share, with their words."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, TypeVar

import typer

from bifolio.publishing.player_settings import KNOWN_SETTINGS, has_meaning

Choice = TypeVar("Choice", bound=Enum)


def day(text: str) -> date:
    """Parse a day."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no time zone
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a date; write YYYY-MM-DD.") from None


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what parses a whole number within bounds."""
    bounds = f"of {least} or more" if most is None else f"from {least} to {most}"

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            raise typer.BadParameter(f"“{text}” is not a whole number {bounds}.")
        return number

    return parse


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """Return what parses the value of an enumeration."""

    def parse(text: str) -> Choice:
        try:
            return choices(text)
        except ValueError:
            names = ", ".join(str(choice.value) for choice in choices)
            raise typer.BadParameter(f"“{text}” is not one of: {names}.") from None

    return parse


class PublishStatus(StrEnum):
    """Who may open a flipbook. The domain's statuses, without loading it for --help."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    EDITABLE = "editable"


def status_option(words: str) -> Any:  # noqa: ANN401  what typer gives
    """Return ``--status`` with its help."""
    return typer.Option("--status", parser=one_of(PublishStatus), metavar="|".join(PublishStatus), help=words)


AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]
Account = Annotated[
    str | None,
    typer.Option("--account", metavar="ID", help="Account id of the workspace."),
]
PlayerSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--setting",
        metavar="NAME=VALUE",
        help="A setting of the player, for example doublePages=split. Can be repeated.",
    ),
]
Hash = Annotated[str, typer.Argument(metavar="HASH", help="The flipbook's hash, or an old one of it.")]


def player_settings_of(pairs: list[str] | None) -> dict[str, Any] | None:
    """Return the settings of ``--setting NAME=VALUE``, as the API takes them in pairs."""
    settings: dict[str, Any] = {}
    for pair in pairs or []:
        name, separator, value = pair.partition("=")
        if not (name and separator and pair.isprintable()):
            raise typer.BadParameter(f"--setting takes NAME=VALUE, not {pair!r}.")
        if not has_meaning(name, value):
            allowed = ", ".join(KNOWN_SETTINGS[name])
            raise typer.BadParameter(f"--setting {name}: “{value}” is not one of: {allowed}.")
        settings[name] = value
    return settings or None
