"""Tells the conversion how this installation wants its engines locked up. Must not import Django."""

import os
import shutil
from pathlib import Path

from bifolio.conversion.sandbox_policy import SandboxPolicy, find_user, set_sandbox_policy
from bifolio.infra.configuration import Configuration, ConfigurationError

_HIGHEST_ID = 2**32 - 2


def adopt_sandbox_settings(configuration: Configuration) -> None:
    """Take the settings for every engine of this process. Raises ConfigurationError."""
    if os.geteuid() == 0:
        _refuse_root(configuration.sandbox_user)
    set_sandbox_policy(
        SandboxPolicy(
            user=configuration.sandbox_user,
            needs_full=configuration.sandbox_require == "full",
            wrapper=_startable(configuration.render_wrapper),
        )
    )


def _refuse_root(user: str) -> None:
    """Raise unless root's engines become somebody else."""
    ids = find_user(user)
    if not all(0 < number <= _HIGHEST_ID for number in ids):
        problem = "is root, or of root's group" if 0 in ids else "is no user of this machine"
        raise ConfigurationError(
            "BIFOLIO_SANDBOX_USER",
            f"{user!r} {problem}, and documents would be read as root",
            "Name a user who owns nothing, such as nobody, or run Bifolio as an ordinary user.",
        )


def _startable(wrapper: tuple[str, ...]) -> tuple[str, ...]:
    """Return the wrapper with its program's whole path: engines start elsewhere, without this PATH."""
    if not wrapper:
        return ()
    program = shutil.which(wrapper[0])
    if program is None:
        raise ConfigurationError(
            "BIFOLIO_RENDER_WRAPPER",
            f"there is no program {wrapper[0]!r} that can be executed",
            "Install it, name it with its whole path, or unset the variable.",
        )
    return str(Path(program).absolute()), *wrapper[1:]
