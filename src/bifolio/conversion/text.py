"""Plain text from the lines of a page. Standard library only."""

import re
from collections.abc import Iterable

_JOINED = re.compile(r"(\w)-\n(?=[^\W\d_])")
_SOFT_HYPHEN = "\u00ad"
_UNSPACED = "[\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
"""Chinese and Japanese, whose lines break anywhere, and not for a blank. Korean has blanks."""
_UNSPACED_BREAK = re.compile(f"(?<={_UNSPACED})\n(?={_UNSPACED})")


def plain_text(lines: Iterable[str]) -> str:
    """The lines as text to search and to read aloud; a word divided at a line's end is whole again.

    Whether the hyphen belonged to the word cannot be known; it is dropped before a lower-case letter.
    """
    text = "\n".join(lines).replace(_SOFT_HYPHEN + "\n", "").replace(_SOFT_HYPHEN, "")
    return _JOINED.sub(_join, text)


def paragraph(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one line."""
    return " ".join(_UNSPACED_BREAK.sub("", plain_text(line.strip() for line in lines)).split())


def _join(match: re.Match[str]) -> str:
    following = match.string[match.end()]
    return match.group(1) if following.islower() else match.group(1) + "-"


def first_words(text: str, limit: int = 300) -> str:
    """The beginning of a text as one line of at most ``limit`` characters, cut between words."""
    words = " ".join(text[: 4 * limit].split())
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition(" ")[0] or words[:limit]
