"""Questions about workspaces and keys."""

from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from bifolio.accounts.actors import Actor, Permission
from bifolio.accounts.errors import SecretSealedOtherwise
from bifolio.accounts.models import ApiKey, Workspace
from bifolio.accounts.secret_box import unseal


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An API key that is good for signing, its secret unsealed."""

    key: str
    secret: str
    workspace: Workspace
    actor: Actor


def find_signing_key(key: str) -> SigningKey | None:
    """Return the key, or None when it is unknown or revoked. Raises SecretSealedOtherwise."""
    found = ApiKey.objects.select_related("workspace").filter(key=key, revoked_at=None).first()
    if found is None:
        return None
    try:
        secret = unseal(found.encrypted_secret)
    except InvalidToken as error:
        raise SecretSealedOtherwise(found.key) from error
    return SigningKey(found.key, secret, found.workspace, Actor.for_key(found))


def list_keys(*, actor: Actor, workspace: Workspace) -> list[ApiKey]:
    """Return the workspace's keys, revoked ones too, newest first."""
    actor.require(Permission.MANAGE_KEYS, workspace)
    return list(workspace.keys.order_by("-created_at", "-pk"))
