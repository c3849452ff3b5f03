"""How this installation wants its engines locked up. Set once in a process; standard library only."""

import functools
import os
from dataclasses import dataclass

from bifolio.conversion.preparation import Layer, Preparation, Role


@dataclass(frozen=True, slots=True)
class SandboxPolicy:
    """``user`` (a name or number) is whom root's engines become. ``wrapper`` is a program with its
    arguments that starts each engine, such as a container tool; empty for none. With ``needs_full`` an
    engine without Landlock or seccomp reads no document.
    """

    user: str = "nobody"
    needs_full: bool = False
    wrapper: tuple[str, ...] = ()


_policies = [SandboxPolicy()]


def set_sandbox_policy(policy: SandboxPolicy) -> None:
    """Take this policy for every engine that this process starts from now on."""
    _policies[:] = [policy]


def sandbox_policy() -> SandboxPolicy:
    """The policy of this process."""
    return _policies[0]


def prepare(
    roles: tuple[Role, ...], layers: tuple[Layer, ...] = tuple(Layer), *, rehearses: bool = False
) -> Preparation:
    """What an engine of this process is told first, by the policy."""
    policy = sandbox_policy()
    uid, gid = find_user(policy.user) if os.geteuid() == 0 else (-1, -1)
    parent_pid = 0 if policy.wrapper else os.getpid()
    return Preparation(parent_pid, roles, uid, gid, layers, policy.needs_full, rehearses)


@functools.cache
def find_user(user: str) -> tuple[int, int]:
    """User and group id of a name or number; -1 and -1 where there is no such user."""
    import pwd

    if user.isdecimal():
        return int(user), int(user)
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        return -1, -1
    return entry.pw_uid, entry.pw_gid
