"""What every part's tests may stand on."""

import os
from pathlib import Path

import pytest

CORPUS = Path(os.environ.get("CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents."""
    if not (CORPUS / "MANIFEST.tsv").is_file():
        pytest.skip("no corpus of real documents: set CORPUS to its folder")
    return CORPUS
