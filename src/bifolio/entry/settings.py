"""Django's settings, derived from the checked BIFOLIO_* variables."""

import os
from typing import Any

import dj_database_url

from bifolio.infra.configuration import Configuration, load_configuration

BIFOLIO: Configuration = load_configuration(os.environ)

SECRET_KEY = BIFOLIO.secret_key
DEBUG = False
# The ASGI layer in front has already refused every other Host with 421.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "bifolio.infra.jobs",
    "bifolio.accounts",
    "bifolio.publishing",
    "bifolio.stats",
    "bifolio.reader",
]
MIDDLEWARE = ["bifolio.entry.middleware.security_headers"]
ROOT_URLCONF = "bifolio.entry.urls"
WSGI_APPLICATION = "bifolio.entry.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    }
]


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    database["CONN_MAX_AGE"] = None
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database(BIFOLIO.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# structlog is set up by each process's start (bifolio.infra.logs).
LOGGING_CONFIG = None

# Uploads never pass Django's own parsers: the ASGI layer has received them into files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
