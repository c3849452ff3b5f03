"""Images that say, in words, that a page could not be shown. Imports Pillow only."""

from PIL import Image, ImageDraw, ImageFont

from bifolio.conversion.engine import encode
from bifolio.conversion.engine.output import PageFiles
from bifolio.conversion.engine.render_size import size_at_width
from bifolio.conversion.limits import LARGE_WIDTH_PX

USUAL_SIZE_PT = (595.0, 842.0)
"""A page whose own size is unknown or unusable gets that of an A4 sheet."""
_PAPER, _BORDER, _INK = 0xF4, 0xCC, 0x44
_WORDS = ("This page could not be shown.", "Page {number} of the document is damaged or too complex.")


def draw(number: int, width_pt: float, height_pt: float, reason: str) -> PageFiles:
    """The files of a page that is nothing but a note in the middle of a pale sheet."""
    size = size_at_width(width_pt, height_pt, LARGE_WIDTH_PX)
    sheet = Image.new("L", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    margin = max(1, min(size) // 40)
    pen.rectangle(
        (margin, margin, size.width - margin, size.height - margin),
        outline=_BORDER,
        width=max(1, margin // 6),
    )
    middle, line_px = size.height / 2, max(8, min(size.width // 26, size.height // 4))
    for row, words in enumerate(_WORDS):
        font = ImageFont.load_default(line_px if row == 0 else line_px * 0.6)
        at = (size.width / 2, middle + (row - 0.5) * line_px * 1.6)
        pen.text(at, words.format(number=number), fill=_INK, font=font, anchor="mm")
    return PageFiles(encode.encode_all(encode.shrink(sheet)), b"", reason)
