"""Registers the app with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Lock engines up as the settings say, in every process that may start one."""
        from bifolio.infra.configuration import configuration
        from bifolio.publishing.sandbox import adopt_sandbox_settings

        adopt_sandbox_settings(configuration())
