"""Registers the app with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.infra.jobs"
    label = "jobs"
