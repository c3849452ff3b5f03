import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import make_pdf
from tests.serving import serving


def test_the_first_five_minutes_work_as_written(tmp_path: Path) -> None:
    program = re.search(r"```python\n(.+?)```", Path("README.md").read_text("utf-8"), re.DOTALL)
    assert program
    (tmp_path / "book.pdf").write_bytes(make_pdf())
    with serving(tmp_path) as server:
        pair = server.new_key()
        text = program[1].replace("http://127.0.0.1:8000", server.url)
        text = text.replace("your apiKey", pair["apiKey"]).replace("your secret", pair["secret"])
        text = text.replace("build/sample-magazine.pdf", str(tmp_path / "book.pdf"))
        done = subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    link, embed, stats = done.stdout.splitlines()
    assert link.startswith(server.url)
    assert embed.startswith("<iframe src=")
    assert "'impressions': 0" in stats


TARGETS = "serve test setup check faults corpus bench docs lock clean"


@pytest.mark.parametrize("target", TARGETS.split())
def test_make_knows_every_target_that_is_written_of(target: str) -> None:
    assert re.search(rf"^{target}:", Path("Makefile").read_text("utf-8"), re.MULTILINE)
