"""Every change to workspaces and keys."""

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from bifolio.accounts.actors import Actor, Permission
from bifolio.accounts.errors import InvalidAccountId, InvalidKeyPair, KeyNotFound, KeyTaken
from bifolio.accounts.models import ApiKey, Workspace
from bifolio.accounts.secret_box import seal
from bifolio.kernel.ids import ACCOUNT_ID, new_api_key, new_api_secret

_KEY = re.compile(r"[!-~]{1,100}")
_SECRET = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key with its secret, which is shown this once."""

    key: str
    secret: str
    account_id: str


def default_workspace() -> Workspace:
    """Return the workspace that keys and uploads go to when none is named; made at first need."""
    found, _ = Workspace.objects.get_or_create(is_default=True, defaults={"name": "Default workspace"})
    return found


def workspace_of_account(account_id: str, *, name: str = "", profile: str | None = None) -> Workspace:
    """Return the workspace with this account id; made when there is none. Raises InvalidAccountId."""
    if not ACCOUNT_ID.fullmatch(account_id):
        raise InvalidAccountId(account_id)
    found, _ = Workspace.objects.get_or_create(
        account_id=account_id, defaults={"name": name or f"Workspace {account_id}", "profile": profile}
    )
    return found


def workspace_for_import(account_id: str) -> Workspace:
    """Return the workspace that an imported account becomes. Raises InvalidAccountId.

    The default workspace takes the id over while it owns nothing yet, so that a first import
    leaves no empty workspace behind and later commands need not name the account.
    """
    if Workspace.objects.filter(account_id=account_id).exists():
        return workspace_of_account(account_id)
    default = default_workspace()
    if not ACCOUNT_ID.fullmatch(account_id) or default.keys.exists() or default.flipbooks.exists():
        return workspace_of_account(account_id)
    default.account_id = account_id
    default.save(update_fields=["account_id"])
    return default


def create_key(*, actor: Actor, workspace: Workspace, label: str = "") -> KeyPair:
    """Make a new pair for the workspace."""
    return _add_key(actor, workspace, new_api_key(), new_api_secret(), label)


def import_key(*, actor: Actor, workspace: Workspace, key: str, secret: str, label: str = "") -> KeyPair:
    """Take over an existing pair. Raises KeyTaken, InvalidKeyPair."""
    if not _KEY.fullmatch(key):
        raise InvalidKeyPair("key")
    if not _SECRET.fullmatch(secret):
        raise InvalidKeyPair("secret")
    return _add_key(actor, workspace, key, secret, label)


def revoke_key(*, actor: Actor, key: str) -> None:
    """Make a key useless at once and for ever. Raises KeyNotFound."""
    found = ApiKey.objects.select_related("workspace").filter(key=key, revoked_at=None).first()
    if found is None or not actor.reaches(found.workspace_id):
        raise KeyNotFound(key)
    actor.require(Permission.MANAGE_KEYS, found.workspace)
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])


def _add_key(actor: Actor, workspace: Workspace, key: str, secret: str, label: str) -> KeyPair:
    actor.require(Permission.MANAGE_KEYS, workspace)
    try:
        with transaction.atomic():
            ApiKey.objects.create(workspace=workspace, key=key, encrypted_secret=seal(secret), label=label)
    except IntegrityError as error:
        raise KeyTaken(key) from error
    return KeyPair(key, secret, workspace.account_id)
