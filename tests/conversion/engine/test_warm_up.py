"""Everything that a document may need is loaded before the locks are on."""

import json
import os
import subprocess
import sys

import pytest

from bifolio.conversion.engine import warm_up
from bifolio.conversion.engine_command import engine_environment
from bifolio.conversion.preparation import Role

SHOW_LATE_IMPORTS = """
import json, sys
from bifolio.conversion.engine.warm_up import load, rehearse
from bifolio.conversion.engine import warm_up
from bifolio.conversion.preparation import Role
import bifolio.conversion.engine.__main__
roles = tuple(map(Role, json.loads(sys.argv[1])))
load(roles)
loaded = set(sys.modules)
rehearse(roles)
print(json.dumps(sorted(set(sys.modules) - loaded)))
print(json.dumps(sorted(loaded)))
"""


def modules_of(*roles: Role) -> tuple[list[str], list[str]]:
    """What a rehearsal loads late, and what was loaded before it."""
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", SHOW_LATE_IMPORTS, json.dumps(roles)],
        env=engine_environment(),
        stdout=subprocess.PIPE,
        check=True,
        cwd=os.sep,
    )
    late, early = map(json.loads, done.stdout.splitlines())
    return late, early


@pytest.mark.parametrize("roles", [(Role.PDF,), (Role.PICTURE,), (Role.COUNT,), tuple(Role)])
def test_nothing_is_loaded_late(roles: tuple[Role, ...]) -> None:
    late, _ = modules_of(*roles)
    assert late == []


def test_only_what_a_role_takes_is_loaded() -> None:
    _, early = modules_of(Role.COUNT)
    assert "PIL" not in early
    _, early = modules_of(Role.PICTURE)
    assert "pypdfium2_raw" not in early


def test_a_page_that_cannot_be_drawn_fails_the_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up, "_PAGES", (*warm_up._PAGES, b""))
    monkeypatch.setattr(warm_up, "_book", lambda: b"%PDF-1.7\n")
    with pytest.raises(warm_up.RehearsalFailed, match="pdf: 0 pages of 4"):
        warm_up.rehearse((Role.PDF,))
