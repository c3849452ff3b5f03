"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app's name and label."""

    name = "bifolio.accounts"
    label = "accounts"
