"""API secrets at rest: sealed with a key that is not in the database (security.md A5)."""

import base64

from cryptography.fernet import Fernet

from bifolio.infra.configuration import configuration
from bifolio.kernel.signatures import derive_key


def seal(secret: str) -> bytes:
    """Encrypt and authenticate a secret for the database."""
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Return the secret again. Raises cryptography's InvalidToken when BIFOLIO_SECRET_KEY has changed."""
    return _box().decrypt(bytes(sealed)).decode()


def _box() -> Fernet:
    key = derive_key(configuration().secret_key, "api-secrets")
    return Fernet(base64.urlsafe_b64encode(key))
