"""Each test has a data folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.documents import make_pdf


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data")


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., Path]:
    """Return what writes a PDF whose title is its own, so that no two files are the same."""

    def make(name: str = "leaflet.pdf", *, pages: int = 2) -> Path:
        path = tmp_path / name
        path.write_bytes(make_pdf(pages=pages, title=Path(name).stem))
        return path

    return make
