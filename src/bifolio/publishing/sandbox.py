"""Tells the conversion how this installation wants its engines locked up. Must not import Django."""

import os

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
            wrapper=configuration.render_wrapper,
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
