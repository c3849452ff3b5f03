"""A whole engine, started as its own process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bifolio.conversion.context import EngineContext
from bifolio.conversion.frames import MAGIC
from tests.conversion.pdfs import text_pdf

RUN = "from bifolio.conversion.engine.__main__ import main; main()"


@pytest.mark.parametrize(
    ("mode", "needed", "unneeded"),
    [("convert", "pdf_book", "picture_book"), ("count", "pdfium", "render")],
)
def test_an_engine_leaves_bytecode_for_the_next_one(
    tmp_path: Path, mode: str, needed: str, unneeded: str
) -> None:
    document = tmp_path / "document.pdf"
    document.write_bytes(text_pdf("words"))
    context = EngineContext(mode, "pdf", os.getpid(), 1 << 30, 10, 10)
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"),
    }

    with document.open("rb") as content:
        ended = subprocess.run(
            [sys.executable, "-S", "-c", RUN, context.to_json()],
            stdin=content,
            capture_output=True,
            env=environment,
            check=True,
        )

    assert ended.stdout.startswith(MAGIC)
    compiled = {file.name.split(".")[0] for file in (tmp_path / "bytecode").rglob("engine/*.pyc")}
    assert needed in compiled
    assert unneeded not in compiled
