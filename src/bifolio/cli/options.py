"""Options that several commands share, with their words."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]
Account = Annotated[
    str | None,
    typer.Option("--account", metavar="ID", help="Account id of the workspace."),
]
Hash = Annotated[str, typer.Argument(metavar="HASH", help="The flipbook's hash, or an old one of it.")]
