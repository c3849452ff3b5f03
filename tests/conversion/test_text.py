"""Plain text from lines."""

import pytest

from bifolio.conversion.text import first_words, plain_text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["one", "two"], "one\ntwo"),
        (["a divi-", "ded word"], "a divided word"),
        (["Jean-", "Paul"], "Jean-Paul"),
        (["pages 3-", "4"], "pages 3-\n4"),
        (["soft\u00adly", "hy\u00ad", "phen"], "softly\nhyphen"),
        ([], ""),
    ],
)
def test_a_divided_word_becomes_whole(lines: list[str], text: str) -> None:
    assert plain_text(lines) == text


def test_first_words_end_between_words() -> None:
    assert first_words("one\ntwo  three four", 10) == "one two"
    assert first_words("x" * 50, 10) == "x" * 10
    assert first_words("short", 10) == "short"


@pytest.mark.parametrize("dots", ["." * 90, " . . . . . . ", " ..... .....", "\u2026" * 30, "\u00b7 " * 20])
def test_first_words_have_no_leaders(dots: str) -> None:
    assert first_words(f"Paper{dots}5\nFolding{dots}12 ...") == "Paper \u2026 5 Folding \u2026 12 ..."
