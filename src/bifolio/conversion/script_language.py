"""The language of a text as far as its script alone tells it. Standard library only."""

import re

_LANGUAGES = {
    "ja": "\u3041-\u3096\u30a1-\u30fa",
    "ko": "\u1100-\u11ff\uac00-\ud7a3",
    "he": "\u05d0-\u05ea",
    "th": "\u0e01-\u0e3a",
    "el": "\u0386-\u03ce",
    "hy": "\u0531-\u0587",
    "ka": "\u10d0-\u10fa",
    "km": "\u1780-\u17b3",
    "lo": "\u0e81-\u0eb0",
    "my": "\u1000-\u102a",
    "am": "\u1200-\u135a",
    "si": "\u0d85-\u0dc6",
    "ta": "\u0b85-\u0bb9",
    "te": "\u0c05-\u0c39",
    "kn": "\u0c85-\u0cb9",
    "ml": "\u0d05-\u0d3a",
    "gu": "\u0a85-\u0ab9",
    "pa": "\u0a05-\u0a39",
}
_PATTERNS = {language: re.compile(f"[{script}]") for language, script in _LANGUAGES.items()}
_LEAST_SHARE = 0.2
"""Japanese is written with Chinese characters for the most part, and quotes Latin words."""


def language_of_script(text: str) -> str:
    """A BCP 47 tag for a script that one language uses; empty for all others, Latin and Arabic among them."""
    if text.isascii():
        return ""
    letters = sum(map(str.isalpha, text))
    for language, pattern in _PATTERNS.items():
        if len(pattern.findall(text)) > _LEAST_SHARE * letters:
            return language
    return ""
