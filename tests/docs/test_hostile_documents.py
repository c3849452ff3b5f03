"""The page on hostile documents: every threat has its test, and the test says so."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (P\d+) \|.*\| `(\w+\.py)::(\w+)` \|$", re.MULTILINE)


def test_every_threat_names_the_test_that_names_it() -> None:
    rows = ROW.findall((ROOT / "docs" / "develop" / "hostile-documents.md").read_text(encoding="utf-8"))
    assert [row for row, _, _ in rows] == [f"P{number}" for number in range(1, 17)]
    for row, file, name in rows:
        tree = ast.parse((ROOT / "tests" / "conversion" / file).read_text(encoding="utf-8"))
        (test,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
        assert (ast.get_docstring(test) or "").startswith(f"{row}:"), name
