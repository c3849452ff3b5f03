import pytest

from bifolio.accounts.actors import ROLE_PERMISSIONS, Actor, Permission, Role
from bifolio.accounts.errors import NotAllowed
from bifolio.accounts.models import Workspace

ALLOWED = {
    (Role.OPERATOR, Permission.READ_FLIPBOOKS),
    (Role.OPERATOR, Permission.WRITE_FLIPBOOKS),
    (Role.OPERATOR, Permission.READ_STATS),
    (Role.OPERATOR, Permission.MANAGE_KEYS),
    (Role.KEY, Permission.READ_FLIPBOOKS),
    (Role.KEY, Permission.WRITE_FLIPBOOKS),
    (Role.KEY, Permission.READ_STATS),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_may_do_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    actor = Actor(role, 1)
    if (role, permission) in ALLOWED:
        actor.require(permission, Workspace(pk=1))
    else:
        with pytest.raises(NotAllowed):
            actor.require(permission, Workspace(pk=1))


@pytest.mark.parametrize("permission", Permission)
def test_nobody_does_anything_in_a_workspace_out_of_reach(permission: Permission) -> None:
    with pytest.raises(NotAllowed):
        Actor(Role.KEY, 1).require(permission, Workspace(pk=2))


def test_the_operator_reaches_every_workspace() -> None:
    assert Actor.operator().reaches(12345)


def test_every_role_has_its_permissions() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
