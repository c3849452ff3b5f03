"""Registers the app with Django."""

from django.apps import AppConfig


class ReaderConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.reader"
    label = "reader"
