"""The shape of keys: ``namespace/folder/…/name``. Nothing else ever reaches a file system."""

import re

from bifolio.infra.storage.errors import InvalidKey

NAMESPACES = ("pages", "guarded", "packages", "originals")

_SEGMENT = r"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._-]{1,255}"
_KEY = re.compile(rf"(?:{'|'.join(NAMESPACES)})(?:/{_SEGMENT})+")
_PREFIX = re.compile(rf"(?:{'|'.join(NAMESPACES)})(?:/{_SEGMENT})+/")
_MAX_LENGTH = 900


def check_key(key: str) -> str:
    """Return ``key``. Raises InvalidKey."""
    if len(key) > _MAX_LENGTH or not _KEY.fullmatch(key):
        raise InvalidKey(key)
    return key


def check_prefix(prefix: str) -> str:
    """Return ``prefix``, a folder below a namespace that ends with a slash. Raises InvalidKey.

    A bare namespace is refused, so that a wrong call can never empty the store.
    """
    if len(prefix) > _MAX_LENGTH or not _PREFIX.fullmatch(prefix):
        raise InvalidKey(prefix)
    return prefix


def check_namespace(namespace: str) -> str:
    """Return ``namespace``, such as ``pages/``. Raises InvalidKey."""
    if namespace.removesuffix("/") not in NAMESPACES or not namespace.endswith("/"):
        raise InvalidKey(namespace)
    return namespace
