"""A whole engine, started as its own process."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.conversion.preparation import Preparation, Role

RUN = "from bifolio.conversion.engine.__main__ import main; main()"


@pytest.mark.parametrize(
    ("role", "needed", "unneeded"),
    [(Role.PDF, "pdf_book", "picture_book"), (Role.COUNT, "pdfium", "render")],
)
def test_an_engine_leaves_bytecode_for_the_next_one(
    tmp_path: Path, role: Role, needed: str, unneeded: str
) -> None:
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"),
    }
    door, inner_door = socket.socketpair()
    with inner_door:
        door.close()
        subprocess.run(
            [sys.executable, "-S", "-c", RUN, Preparation(os.getpid(), (role,)).to_json()],
            stdin=inner_door.fileno(),
            env=environment,
            check=True,
        )
    compiled = {file.name.split(".")[0] for file in (tmp_path / "bytecode").rglob("engine/*.pyc")}
    assert needed in compiled
    assert unneeded not in compiled
