"""Small PDF files made for the tests, byte by byte, so that they may also be wrong on purpose."""

from dataclasses import dataclass, field


@dataclass
class PdfPage:
    """``content`` is a content stream; the other parts go into dictionaries as they stand."""

    content: bytes = b"BT /F1 24 Tf 72 700 Td (Hello) Tj ET"
    media_box: str = "0 0 595 842"
    extra: str = ""
    fonts: str = ""
    resources: str = ""


@dataclass
class PdfFile:
    """``catalog`` and ``info`` are dictionary entries; ``objects`` are more objects, from number 1000 on."""

    pages: list[PdfPage]
    catalog: str = ""
    info: str = ""
    objects: list[str] = field(default_factory=list)
    page_tree: str = ""

    def build(self) -> bytes:
        """The file."""
        numbers = [10 + 2 * index for index in range(len(self.pages))]
        kids = " ".join(f"{number} 0 R" for number in numbers)
        tree = self.page_tree or f"/Type /Pages /Count {len(self.pages)} /Kids [{kids}]"
        objects: dict[int, bytes] = {
            1: f"<< /Type /Catalog /Pages 2 0 R {self.catalog} >>".encode(),
            2: f"<< {tree} >>".encode(),
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            4: f"<< {self.info} >>".encode(),
        }
        for number, page in zip(numbers, self.pages, strict=True):
            objects[number] = (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [{page.media_box}] /Contents {number + 1} 0 R "
                f"/Resources << /Font << /F1 3 0 R {page.fonts} >> {page.resources} >> {page.extra} >>"
            ).encode()
            length = f"<< /Length {len(page.content)} >>".encode()
            objects[number + 1] = length + b"\nstream\n" + page.content + b"\nendstream"
        objects.update({1000 + index: text.encode("latin-1") for index, text in enumerate(self.objects)})
        return _assemble(objects)


def stream_of(content: bytes, entries: str = "") -> str:
    """A stream as one of the ``objects`` of a file."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content.decode('latin-1')}\nendstream"


def text_pdf(*texts: str, extra: str = "") -> bytes:
    """A page for each text, which is drawn as one line."""
    return PdfFile([PdfPage(line_of(text), extra=extra) for text in texts]).build()


def line_of(text: str, x: float = 72, y: float = 700) -> bytes:
    """A content stream with one line of 24 points."""
    return f"BT /F1 24 Tf {x} {y} Td ({text}) Tj ET".encode("latin-1")


def _assemble(objects: dict[int, bytes]) -> bytes:
    body = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, content in sorted(objects.items()):
        offsets[number] = len(body)
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in sorted(offsets.items()):
        body += f"{number} 1\n{offset:010d} 00000 n \n".encode()
    size = max(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return bytes(body) + trailer.encode()
