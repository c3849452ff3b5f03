"""Small documents that the tests make themselves, so that they run without any corpus."""

import hashlib
import io
from pathlib import Path

from PIL import Image

from bifolio.publishing.files import IncomingFile

A5 = (420.0, 595.0)


def make_pdf(
    *,
    pages: int = 3,
    title: str = "",
    language: str = "",
    size: tuple[float, float] = A5,
    link: str = "",
) -> bytes:
    """Return a PDF whose pages say ``Page N of the test document`` in Helvetica over a coloured band.

    ``link`` is a web address that the top of page 1 leads to; the foot of page 1 leads to the last page.
    """
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(pages))
    info = f"/Title ({title})" if title else ""
    catalog = f"<< /Type /Catalog /Pages 2 0 R {f'/Lang ({language})' if language else ''} >>"
    objects = [
        catalog,
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(1, pages + 1):
        objects += _page(number, first + 2 * number - 1, size, _annotations(number, link, first, pages))
    objects.append(f"<< {info} >>")
    return _assemble(objects)


def make_image(kind: str = "jpeg", size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a picture with a gradient, as ``jpeg`` or ``png``."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def incoming(folder: Path, content: bytes, file_name: str = "document.pdf") -> IncomingFile:
    """Return ``content`` as an upload that has just arrived in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{digest[:12]}-{len(list(folder.iterdir()))}"
    path.write_bytes(content)
    return IncomingFile(path, file_name, len(content), digest)


def _page(number: int, contents: int, size: tuple[float, float], annotations: str) -> list[str]:
    width, height = size
    hue = number * 0.37 % 1
    stream = (
        f"{hue:.2f} {1 - hue:.2f} 0.55 rg 0 {height - 90} {width} 60 re f 0 g "
        f"BT /F 22 Tf 40 {height - 140} Td (Page {number} of the test document) Tj ET "
        f"BT /F 11 Tf 40 {height - 170} Td (Paper remembers every fold it was given.) Tj ET"
    )
    return [
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {contents} 0 R "
            f"/Resources << /Font << /F 3 0 R >> >> {annotations} >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]


def _annotations(number: int, link: str, first: int, pages: int) -> str:
    if number != 1 or not link:
        return ""
    last = first + 2 * (pages - 1)
    return (
        f"/Annots [<< /Type /Annot /Subtype /Link /Rect [40 500 380 590] /A << /S /URI /URI ({link}) >> >> "
        f"<< /Type /Annot /Subtype /Link /Rect [40 20 380 80] /Dest [{last} 0 R /Fit] >>]"
    )


def _assemble(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())
