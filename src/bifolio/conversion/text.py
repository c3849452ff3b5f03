"""Plain text from the lines of a page. Standard library only."""

import re
from collections.abc import Iterable

_JOINED = re.compile(r"(\w)-\n(?=[^\W\d_])")
_SOFT_HYPHEN = "\u00ad"


def plain_text(lines: Iterable[str]) -> str:
    """The lines as text to search and to read aloud; a word divided at a line's end is whole again.

    Whether the hyphen belonged to the word cannot be known; it is dropped before a lower-case letter.
    """
    text = "\n".join(lines).replace(_SOFT_HYPHEN + "\n", "").replace(_SOFT_HYPHEN, "")
    return _JOINED.sub(_join, text)


def _join(match: re.Match[str]) -> str:
    following = match.string[match.end()]
    return match.group(1) if following.islower() else match.group(1) + "-"


def first_words(text: str, limit: int = 300) -> str:
    """The beginning of a text as one line of at most ``limit`` characters, cut between words."""
    words = " ".join(text[: 4 * limit].split())
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition(" ")[0] or words[:limit]
