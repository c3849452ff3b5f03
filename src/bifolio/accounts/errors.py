"""What can go wrong with workspaces and keys."""

from bifolio.kernel.errors import BifolioError


class NotAllowed(BifolioError):
    """The actor's role does not include ``permission``, or the workspace is another's."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class KeyNotFound(BifolioError):
    """No such API key, or it is revoked already."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class SecretSealedOtherwise(BifolioError):
    """The API key's secret cannot be read: it was sealed under another BIFOLIO_SECRET_KEY."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class KeyTaken(BifolioError):
    """The API key exists already, perhaps revoked; names of keys are never used twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class InvalidAccountId(BifolioError):
    """Not 11 upper-case letters and digits."""

    def __init__(self, account_id: str) -> None:
        super().__init__(account_id)
        self.account_id = account_id


class InvalidKeyPair(BifolioError):
    """A key or secret that is empty, too long, or has characters which no request can carry."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
