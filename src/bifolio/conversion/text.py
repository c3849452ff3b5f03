"""Plain text from the lines of a page. Standard library only."""

import re
from collections.abc import Iterable
from typing import Literal

_JOINED = re.compile(r"(\w)-\n(?=[^\W\d_])")
_LEADER = re.compile("(?:[.\u00b7\u2024-\u2026] ?){4,}")
"""The dots that lead the eye to a page number in a table of contents."""
_SOFT_HYPHEN = "\u00ad"
_UNSPACED = "[\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
"""Chinese and Japanese, whose lines break anywhere, and not for a blank. Korean has blanks."""
_RIGHT_TO_LEFT = (
    "[\u05d0-\u05ea\u05ef-\u05f2\u0620-\u064a\u066e-\u06d5\u0700-\u08c7\ufb1d-\ufdfd\ufe70-\ufefc]+"
)
_UNSPACED_BREAK = f"(?<={_UNSPACED})\n(?={_UNSPACED})"
# Patterns of large sets are compiled when they are first needed: an engine starts 4 ms earlier.


def plain_text(lines: Iterable[str]) -> str:
    """The lines as text to search and to read aloud; a word divided at a line's end is whole again.

    Whether the hyphen belonged to the word cannot be known; it is dropped before a lower-case letter.
    """
    text = "\n".join(lines).replace(_SOFT_HYPHEN + "\n", "").replace(_SOFT_HYPHEN, "")
    return _JOINED.sub(_join, text)


def paragraph(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one line."""
    return " ".join(re.sub(_UNSPACED_BREAK, "", plain_text(line.strip() for line in lines)).split())


def text_direction(text: str) -> Literal["ltr", "rtl"]:
    """The direction in which most letters of a text run.

    Of text, not of turning pages: many Arabic and Hebrew books bind on the right, but an English paper
    about Hebrew, or an Arabic slide show, does not. Only the document's own flag may turn its pages.
    """
    right_to_left = sum(map(len, re.findall(_RIGHT_TO_LEFT, text)))
    if not right_to_left:
        return "ltr"
    letters = sum(map(str.isalpha, text))
    return "rtl" if 2 * right_to_left > letters else "ltr"


def _join(match: re.Match[str]) -> str:
    following = match.string[match.end()]
    return match.group(1) if following.islower() else match.group(1) + "-"


def first_words(text: str, limit: int = 300) -> str:
    """The beginning of a text as one line of at most ``limit`` characters, cut between words.

    Leaders of a table of contents are one ellipsis each.
    """
    words = " ".join(text[: 16 * limit].split())
    words = " ".join(_LEADER.sub(" \u2026 ", words).split())
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition(" ")[0] or words[:limit]
