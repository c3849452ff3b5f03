"""Lines as PDFium gives them, cleaned for JSON and readers."""

import pytest

from bifolio.conversion.engine.text import HYPHEN_BREAK, clean


@pytest.mark.parametrize(
    ("line", "cleaned"),
    [
        (" plain ", "plain"),
        ("two  spaces", "two spaces"),
        ("a\ttab", "a tab"),
        ("no\u00a0break", "no break"),
        ("\x00\x1f\ud800\ufeff", ""),
        (f"divi{HYPHEN_BREAK}", "divi-"),
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("\u3000wide\u3000", "wide"),
    ],
)
def test_a_line_keeps_what_a_reader_can_use(line: str, cleaned: str) -> None:
    assert clean(line) == cleaned
