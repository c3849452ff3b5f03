"""Registers the app with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.publishing"
    label = "publishing"
