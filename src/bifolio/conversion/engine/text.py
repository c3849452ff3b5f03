"""Lines of text with their places, in reading order.

One call fetches all characters; boxes are asked for once a line, never once a character, so that
the time stays proportional to the text.
"""

import bisect
import ctypes
import re
import unicodedata
from collections.abc import Iterator

from bifolio.conversion.engine.columns import find_columns
from bifolio.conversion.engine.geometry import PageFrame
from bifolio.conversion.engine.line import Line
from bifolio.conversion.engine.pdfium import Handle, raw
from bifolio.conversion.engine.placing import Piece, Placing
from bifolio.conversion.engine.reading_order import in_reading_order, join_rows
from bifolio.conversion.limits import MAX_CHARACTERS

HYPHEN_BREAK = "\ufffe"
"""What PDFium writes instead of a hyphen that ends a line."""
_LINE = re.compile(f"[^\r\n{HYPHEN_BREAK}]+{HYPHEN_BREAK}?")
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
_PRESENTATION = re.compile("[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
_GAP = re.compile(r"[ \t\u00a0]+")
_MOST_COLUMNS = 4


class PageText:
    """All characters of a page, as PDFium reads them.

    ``text`` and PDFium's character indexes differ where it left characters out, or where one takes two
    UTF-16 units; ``index_of`` goes from the first to the second.
    """

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        characters = min(raw.FPDFText_CountChars(handle), MAX_CHARACTERS) if handle else 0
        self.text = ""
        self._is_plain = True
        self._wide: list[int] = []
        if characters > 0:
            self._read(characters)

    def _read(self, characters: int) -> None:
        buffer = (ctypes.c_ushort * (characters + 1))()
        written = raw.FPDFText_GetText(self.handle, 0, characters, buffer)
        self.text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "surrogatepass")
        self._is_plain = written - 1 == characters and len(self.text) == characters
        if not self._is_plain and max(self.text, default="") > "\uffff":
            self._wide = [at for at, character in enumerate(self.text) if character > "\uffff"]

    def index_of(self, position: int) -> int:
        """PDFium's index of the character at a position of ``text``, negative if it has none."""
        if self._is_plain:
            return position
        units = position + bisect.bisect_left(self._wide, position)
        return int(raw.FPDFText_GetCharIndexFromTextIndex(self.handle, units))

    def pieces(self) -> Iterator[Piece]:
        """The lines in drawing order."""
        for match in _LINE.finditer(self.text):
            start, end = match.span()
            first, last = self.index_of(start), self.index_of(end - 1)
            if first >= 0 and last >= first:
                yield Piece(match.group(), start, first, last + 1 - first)


def read_lines(page_text: PageText, frame: PageFrame) -> list[Line]:
    """Lines as the layers schema has them, text in logical order."""
    placing = Placing(page_text.handle, frame)
    placed = [placing.place(piece) for piece in page_text.pieces() if not piece.text.isspace()]
    for _ in range(_MOST_COLUMNS - 1):
        splits = find_columns([place.row if place is not None else None for place in placed])
        if not splits:
            break
        placed = placing.split(placed, splits)
    lines = (place.line(clean(place.piece.text)) for place in placed if place is not None)
    return in_reading_order(join_rows([line for line in lines if line is not None]))


def clean(text: str) -> str:
    """The line without characters that JSON, XML or a reader cannot use, a hyphen at its end kept.

    Ligatures and the shaped forms of Arabic and Hebrew become the letters that people search for.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _GAP.sub(" ", usable(text)).strip()


def usable(text: str) -> str:
    """A piece of a line without what nobody can use, its blanks left as they are."""
    if text.endswith(HYPHEN_BREAK):
        text = text[:-1] + "-"
    text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return _UNWANTED.sub("", text.replace("\t", " "))
