"""The sizes of a page, which are drawn one after another into the same memory."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from tests.conversion.conftest import Convert
from tests.conversion.pdfs import PdfFile, PdfPage

QUARTERS = {(1, 1): (255, 0, 0), (3, 1): (0, 255, 0), (1, 3): (0, 0, 255), (3, 3): (255, 255, 0)}
"""Where in a page, in fourths of its width and height from the top left, and the colour there."""


def quarters(width_pt: float, height_pt: float) -> PdfPage:
    drawing = []
    for (x, y), colour in QUARTERS.items():
        left, bottom = (x - 1) / 4 * width_pt, (3 - y) / 4 * height_pt
        paint = " ".join(str(channel // 255) for channel in colour)
        drawing.append(f"{paint} rg {left} {bottom} {width_pt / 2} {height_pt / 2} re f")
    return PdfPage("\n".join(drawing).encode(), media_box=f"0 0 {width_pt} {height_pt}")


@pytest.mark.parametrize("shape", [(600, 900), (601.3, 333.7), (300, 14_000), (2000, 300)])
def test_every_size_shows_the_whole_page_in_its_colours(
    convert_bytes: Convert, shape: tuple[float, float]
) -> None:
    outcome = convert_bytes(PdfFile([quarters(*shape), quarters(*shape)]).build())

    assert [page.placeholder for page in outcome.pages] == [None, None]
    for file in (file for page in outcome.pages for file in (page.small, page.medium, page.large)):
        image = Image.open(io.BytesIO(file.content)).convert("RGB")
        for (x, y), colour in QUARTERS.items():
            seen = image.getpixel((image.width * x // 4, image.height * y // 4))
            assert isinstance(seen, tuple)
            assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 40, (file.width_px, x, y)


def test_a_page_becomes_the_same_whatever_page_came_before(convert_bytes: Convert) -> None:
    tones = "\n".join(f"{n / 150} {1 - n / 150} 0.5 rg {4 * n} 0 4 900 re f" for n in range(150))
    many_tones = PdfPage(tones.encode(), media_box="0 0 600 900")
    hairlines = "\n".join(f"0 {40 * n} m 600 {40 * n} l S" for n in range(1, 20))
    pale_green = PdfPage(f"0.75 0.9 0.75 RG 0.2 w\n{hairlines}".encode(), media_box="0 0 600 900")
    book = PdfFile([many_tones, pale_green]).build()

    together = convert_bytes(book).pages
    alone = convert_bytes(book, done=[1]).pages

    assert together[0].large.extension == "jpg"
    assert replace(together[1], took_s=0) == replace(alone[0], took_s=0)
    red, green, _ = Image.open(io.BytesIO(together[1].large.content)).convert("RGB").split()
    assert any(value > 16 for value in ImageChops.subtract(green, red).tobytes())
