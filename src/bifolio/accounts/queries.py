"""Questions about workspaces and keys."""

from dataclasses import dataclass

from bifolio.accounts.actors import Actor, Permission
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
    """Return the key, or None when it is unknown or revoked."""
    found = ApiKey.objects.select_related("workspace").filter(key=key, revoked_at=None).first()
    if found is None:
        return None
    return SigningKey(found.key, unseal(found.encrypted_secret), found.workspace, Actor.for_key(found))


def list_keys(*, actor: Actor, workspace: Workspace) -> list[ApiKey]:
    """Return the workspace's keys, revoked ones too, newest first."""
    actor.require(Permission.MANAGE_KEYS, workspace)
    return list(workspace.keys.order_by("-created_at", "-pk"))
