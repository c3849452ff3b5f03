"""Registers the app with Django."""

from django.apps import AppConfig


class StatsConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.stats"
    label = "stats"
