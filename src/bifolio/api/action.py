"""What an action of the wire is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from bifolio.accounts.actors import Actor
from bifolio.accounts.models import Workspace
from bifolio.api.typed import P
from bifolio.api.upload import Upload


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has signed the call, and what came with it."""

    actor: Actor
    workspace: Workspace
    upload: Upload
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Action(Generic[P]):
    """A method of the wire. ``perform`` returns the answer's data, None where there is none.

    ``is_upload`` says that it takes POST alone; ``takes_file`` that a fileUrl makes it one.
    """

    name: str
    parameters: type[P]
    perform: Callable[[Caller, P], dict[str, Any] | None]
    is_upload: bool = False
    takes_file: bool = False
