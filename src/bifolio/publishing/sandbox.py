"""Tells the conversion how this installation wants its engines locked up. Must not import Django."""

from bifolio.conversion.sandbox_policy import SandboxPolicy, set_sandbox_policy
from bifolio.infra.configuration import Configuration


def adopt_sandbox_settings(configuration: Configuration) -> None:
    """Take the settings for every engine of this process."""
    set_sandbox_policy(
        SandboxPolicy(
            user=configuration.sandbox_user,
            needs_full=configuration.sandbox_require == "full",
            wrapper=configuration.render_wrapper,
        )
    )
