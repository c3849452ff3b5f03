"""A script that one language uses tells it."""

import pytest

from bifolio.conversion.script_language import language_of_script


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("日本語の文書です。", "ja"),
        ("데비안 역사", "ko"),
        ("שלום עולם", "he"),
        ("สวัสดี", "th"),
        ("Καλημέρα", "el"),
        ("简体中文", ""),
        ("مرحبا", ""),
        ("Plain words", ""),
        ("An English text that quotes one word, \u03bb\u03cc\u03b3\u03bf\u03c2, of Greek", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_where_its_script_is_its_own(text: str, language: str) -> None:
    assert language_of_script(text) == language
