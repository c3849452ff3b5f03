"""A leaflet as a print shop gets it: photographs in CMYK, a spot colour, overprint. Written by hand.

Typst knows no spot colours, so this module writes the PDF itself, object by object.
"""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from bench.documents.photographs import KINDS

PAGES = 6
WIDTH_PT, HEIGHT_PT = 283, 595
PHOTOGRAPH_PX = (1180, 900)
_LINES = (
    "One sheet, folded twice, gives six pages.",
    "The warm red on them is an ink of its own:",
    "it is printed as it comes from the tin.",
    "Where it lies over black, black shows through,",
    "for the black is printed over it, not beside it.",
    "Photographs are separated into four inks.",
)


def print_leaflet() -> bytes:
    """The document; the same bytes each time."""
    return _assembled(list(_objects()))


def _objects() -> Iterator[bytes]:
    kids = " ".join(f"{6 + 3 * page} 0 R" for page in range(PAGES))
    yield b"<< /Type /Catalog /Pages 2 0 R >>"
    yield f"<< /Type /Pages /Count {PAGES} /Kids [{kids}] >>".encode()
    yield b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    yield (
        b"[/Separation /WarmRed /DeviceCMYK << /FunctionType 2 /Domain [0 1] /N 1 "
        b"/C0 [0 0 0 0] /C1 [0 0.83 0.8 0.02] >>]"
    )
    yield b"<< /Type /ExtGState /OP true /op true /OPM 1 >>"
    for page in range(PAGES):
        yield (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH_PT} {HEIGHT_PT}] "
            f"/Contents {7 + 3 * page} 0 R "
            f"/Resources << /Font << /F 3 0 R >> /ColorSpace << /Spot 4 0 R >> /ExtGState << /Over 5 0 R >> "
            f"/XObject << /Photo {8 + 3 * page} 0 R >> >> >>"
        ).encode()
        yield _stream("", _drawing(page).encode())
        yield _stream(*_photograph(page))


def _drawing(page: int) -> str:
    """A band and a disc of tints in the spot colour, the photograph, and lines of text over them."""
    tint = 1 - 0.12 * page
    bars = "\n".join(f"/Spot cs {n / 10} scn {20 + 24 * n} 250 22 22 re f" for n in range(1, 11))
    text = "\n".join(f"({line}) ' " for line in _LINES)
    return (
        f"/Spot cs {tint:.2f} scn 0 480 {WIDTH_PT} 115 re f\n{bars}\n"
        f"q 243 0 0 185 20 285 cm /Photo Do Q\n"
        f"q /Over gs 0 0 0 1 k BT /F 26 Tf 20 520 Td (Fold {page + 1}) Tj ET Q\n"
        f"0 0 0 0.9 k BT /F 10.5 Tf 15 TL 20 225 Td\n{text} ET\n"
        f"1 0.6 0 0.1 k 20 60 120 40 re f 0 0 1 0 k 80 40 120 40 re f"
    )


def _photograph(page: int) -> tuple[str, bytes]:
    """Dictionary entries and content of a JPEG in CMYK, as programs for print write it: inverted."""
    rgb = KINDS[page % len(KINDS)](PHOTOGRAPH_PX, 900 + page)
    inks = ImageOps.invert(rgb).split()
    black = Image.new("L", PHOTOGRAPH_PX)
    file = io.BytesIO()
    Image.merge("CMYK", (*inks, black)).save(file, "JPEG", quality=90)
    entries = (
        f"/Type /XObject /Subtype /Image /Width {PHOTOGRAPH_PX[0]} /Height {PHOTOGRAPH_PX[1]} "
        "/ColorSpace /DeviceCMYK /BitsPerComponent 8 /Filter /DCTDecode /Decode [1 0 1 0 1 0 1 0]"
    )
    return entries, file.getvalue()


def _stream(entries: str, content: bytes) -> bytes:
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _assembled(objects: list[bytes]) -> bytes:
    body, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        body += f"{offset:010d} 00000 n \n".encode()
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)
