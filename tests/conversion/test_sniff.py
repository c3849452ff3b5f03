"""The first bytes decide what a file is."""

import pytest

from bifolio.conversion.reasons import FileKind
from bifolio.conversion.sniff import sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4\n", FileKind.PDF),
        (b"%PDF1.4\n", FileKind.PDF),
        (b"rubbish" * 100 + b"%PDF-1.7", FileKind.PDF),
        (b"<!--%PDF-1.4 --><html>", FileKind.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileKind.PNG),
        (b" " * 1024 + b"%PDF-1.7", None),
        (b"PK\x03\x04", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
)
def test_it_judges_by_the_first_bytes(head: bytes, kind: FileKind | None) -> None:
    assert sniff(head) is kind
