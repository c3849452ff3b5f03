"""The wire's signature: MD5 over secret and sorted names and values (api-v1.md, section 2).

At most two strings are ever hashed for a call, so that one signature authorises little
(security.md A2). Must not import Django.
"""

import hashlib
import hmac
from collections.abc import Mapping

from bifolio.api.metrics import SIGNATURES
from bifolio.api.parameters import Parameters

UNSIGNED = frozenset({"signature", "file"})
# Of an unknown key: as long as a real one, so that the work to refuse it is the same (security.md A3).
_NOBODYS_SECRET = "0" * 35


def signature_of(secret: str, values: Mapping[str, str]) -> str:
    """Return the signature of a call's values, 32 lower-case hexadecimal digits."""
    signed = sorted((name, value) for name, value in values.items() if name not in UNSIGNED)
    text = secret + "".join(name + value for name, value in signed)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def is_signed_right(secret: str | None, parameters: Parameters, signature: str) -> bool:
    """Tell whether ``signature`` is that of the decoded values or, once, of those still encoded.

    Without a ``secret`` (an unknown key) the answer is False after the same work.
    """
    given = signature.strip().lower().encode()
    candidates = [parameters.values]
    if parameters.raw_values is not None and parameters.raw_values != parameters.values:
        candidates.append(parameters.raw_values)
    matches = [
        hmac.compare_digest(signature_of(secret or _NOBODYS_SECRET, values).encode(), given)
        for values in candidates
    ]
    if secret is None or not any(matches):
        return False
    SIGNATURES.labels("decoded" if matches[0] else "encoded").inc()
    return True
