"""Who acts, and what each role may do. The table is data: tests walk it both ways."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bifolio.accounts.errors import NotAllowed
from bifolio.accounts.models import ApiKey, Workspace


class Role(StrEnum):
    """The capacity in which somebody acts."""

    OPERATOR = "operator"
    KEY = "key"


class Permission(StrEnum):
    """One thing that may be done to a workspace or to what it owns."""

    READ_FLIPBOOKS = "read flipbooks"
    WRITE_FLIPBOOKS = "write flipbooks"
    READ_STATS = "read statistics"
    MANAGE_KEYS = "manage keys"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(Permission),
    Role.KEY: frozenset({Permission.READ_FLIPBOOKS, Permission.WRITE_FLIPBOOKS, Permission.READ_STATS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks a service for something.

    ``workspace_id`` is the only workspace that the actor reaches; None reaches all of them.
    """

    role: Role
    workspace_id: int | None

    @classmethod
    def operator(cls) -> Self:
        """The person at the machine's command line."""
        return cls(Role.OPERATOR, None)

    @classmethod
    def for_key(cls, key: ApiKey) -> Self:
        """The integrator who signed with ``key``."""
        return cls(Role.KEY, key.workspace_id)

    def reaches(self, workspace_id: int) -> bool:
        """Whether the workspace is within the actor's sight at all."""
        return self.workspace_id is None or self.workspace_id == workspace_id

    def require(self, permission: Permission, workspace: Workspace) -> None:
        """Raise NotAllowed unless the actor may do this in ``workspace``."""
        if not self.reaches(workspace.pk) or permission not in ROLE_PERMISSIONS[self.role]:
            raise NotAllowed(permission)
