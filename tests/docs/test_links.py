import re
from pathlib import Path

import pytest

PAGES = sorted(
    path
    for path in [
        *Path().glob("*.md"),
        *Path("docs").rglob("*.md"),
        Path("sample/README.md"),
        Path("player/README.md"),
    ]
    if path.exists()
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_PATH = re.compile(r"`((?:src|tests|docs|contracts|player|scripts|sample|bench)/[\w./-]+\.\w+)`")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_and_path_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    linked = [page.parent / link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    named = [Path(path) for path in CODE_PATH.findall(text)]
    missing = [str(path) for path in [*linked, *named] if not path.exists()]
    assert missing == []


@pytest.mark.parametrize("record", sorted(Path("docs/adr").glob("0*.md")), ids=str)
def test_every_decision_is_listed(record: Path) -> None:
    assert f"({record.name})" in Path("docs/adr/README.md").read_text("utf-8")
