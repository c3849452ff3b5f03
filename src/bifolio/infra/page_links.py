"""Signed addresses of the page files of guarded flipbooks: good for a time, for whoever has them."""

from bifolio.infra.configuration import configuration
from bifolio.kernel.signatures import derive_key, is_signed, sign


def signed_page_base(token: str, *, expires_at: int) -> str:
    """Return the path that an edition's guarded files lie under until ``expires_at`` (Unix seconds)."""
    signature = sign(page_key(configuration().secret_key), _message(token, str(expires_at)))
    return f"/g/{expires_at}.{signature}/{token}/"


def is_page_signature(key: bytes, token: str, expires: str, signature: str) -> bool:
    """Whether this signature was given out for the edition and the end as written."""
    return is_signed(key, _message(token, expires), signature)


def page_key(secret_key: str) -> bytes:
    """Return the key that signs these addresses."""
    return derive_key(secret_key, "page-files")


def _message(token: str, expires: str) -> bytes:
    return f"{expires}:{token}".encode()
