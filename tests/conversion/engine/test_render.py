"""The sizes of a page, which are drawn one after another into the same memory."""

import io
import random
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from bifolio.conversion.events import PageConverted, PageImage
from tests.conversion.conftest import Convert
from tests.conversion.pdfs import PdfFile, PdfPage, line_of

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
    assert replace(together[1], took_s=0) == replace(alone[0], took_s=0, opening_s=0)
    red, green, _ = Image.open(io.BytesIO(together[1].large.content)).convert("RGB").split()
    assert any(value > 16 for value in ImageChops.subtract(green, red).tobytes())


TEXT = b"\n".join(line_of(f"{n} lines of black text on white", y=40.0 * n) for n in range(1, 20))
BLUE_LINE = b"0 0 0.6 rg BT /F1 24 Tf 72 790 Td (A heading in blue) Tj ET"
WHOLE_PAGE = b"0.1 0.2 0.4 rg 0 0 595 842 re f 1 g BT /F1 40 Tf 72 400 Td (White on blue) Tj ET"


def only_page(convert_bytes: Convert, content: bytes) -> PageConverted:
    (page,) = convert_bytes(PdfFile([PdfPage(content)]).build()).pages
    assert page.placeholder is None
    return page


def opened(file: PageImage) -> Image.Image:
    return Image.open(io.BytesIO(file.content))


def bits_and_colour_type(file: PageImage) -> tuple[int, int]:
    """Two bytes of a PNG's header; colour type 3 is a palette."""
    assert file.extension == "png"
    return file.content[24], file.content[25]


def shading(left: int, width: int, steps: int) -> bytes:
    """Soft tones from red to blue over a part of the page."""
    bars = (
        f"{1 - n / steps} {n / steps / 3} {n / steps} rg "
        f"{left + n * width / steps} 300 {width / steps + 1} 200 re f"
        for n in range(steps)
    )
    return "\n".join(bars).encode()


def test_black_text_becomes_sixteen_grays_at_every_size(convert_bytes: Convert) -> None:
    page = only_page(convert_bytes, TEXT)

    assert {bits_and_colour_type(file) for file in (page.small, page.medium, page.large)} == {(4, 3)}


def test_boxes_keep_their_flat_grays_exactly(convert_bytes: Convert) -> None:
    boxes = b"0.902 g 0 0 595 300 re f 0.6 g 100 400 200 200 re f 0 g " + line_of("Text", y=100)
    page = only_page(convert_bytes, boxes)

    for file in (page.small, page.medium, page.large):
        image, scale = opened(file).convert("L"), file.width_px / 595
        assert image.getpixel((round(20 * scale), round(820 * scale))) == 230
        assert image.getpixel((round(200 * scale), round(342 * scale))) == 153


def test_a_blue_heading_above_black_text_stays_blue_at_every_size(convert_bytes: Convert) -> None:
    page = only_page(convert_bytes, BLUE_LINE + b"\n0 g\n" + TEXT)

    for file in (page.small, page.medium, page.large):
        assert bits_and_colour_type(file) == (8, 3)
        image = opened(file).convert("RGB")
        top, below = (
            image.crop((0, 0, image.width, image.height * 6 // 100)),
            image.crop((0, image.height * 9 // 100, image.width, image.height)),
        )
        assert most_blue(top) > 60
        assert most_blue(below) == 0
        assert below.getextrema()[0][0] < 110  # type: ignore[index]


def most_blue(image: Image.Image) -> int:
    red, _, blue = image.split()
    return int(ImageChops.subtract(blue, red).getextrema()[1])  # type: ignore[arg-type]


def test_a_coloured_part_is_where_a_drawing_in_colour_has_it(convert_bytes: Convert) -> None:
    squares = b"1 0 0 rg 101 203 50 50 re f 0 0.5 0 rg 401 603 50 50 re f"
    page = only_page(convert_bytes, squares + b"\n0 g\n" + TEXT)

    for file in (page.small, page.medium, page.large):
        image, scale = opened(file).convert("RGB"), file.width_px / 595
        for x, y, colour in ((126, 228, (255, 0, 0)), (426, 628, (0, 128, 0))):
            seen = image.getpixel((round(x * scale), round((842 - y) * scale)))
            assert isinstance(seen, tuple)
            assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= 16
        for edge in (100, 152):
            assert image.getpixel((round((edge + (edge > 126) - (edge < 126)) * scale), 20)) == (255,) * 3


def test_a_page_all_in_colour_has_a_palette_of_its_own_colours(convert_bytes: Convert) -> None:
    page = only_page(convert_bytes, WHOLE_PAGE)

    assert page.large.extension == "png"
    corner = opened(page.large).convert("RGB").getpixel((5, 5))
    assert isinstance(corner, tuple)
    assert max(abs(a - b) for a, b in zip(corner, (26, 51, 102), strict=True)) <= 1


def test_an_emblem_in_soft_tones_beside_text_keeps_the_text_exact(convert_bytes: Convert) -> None:
    page = only_page(convert_bytes, shading(500, 60, 60) + b"\n0 g\n" + TEXT)

    assert bits_and_colour_type(page.large) == (8, 3)
    assert len(set(opened(page.large).convert("RGB").crop((1512, 1100, 1690, 1110)).tobytes())) > 20


def test_soft_tones_over_much_of_the_page_become_a_jpeg(convert_bytes: Convert) -> None:
    page = only_page(convert_bytes, shading(20, 550, 250) + b"\n0 g\n" + TEXT)

    assert page.large.extension == "jpg"
    assert page.medium.extension == "jpg"


def test_soft_grays_below_a_blue_heading_become_a_jpeg_with_both(convert_bytes: Convert) -> None:
    bars = (f"{n / 250} g {20 + 2.2 * n} 100 3.2 600 re f" for n in range(250))
    page = only_page(convert_bytes, "\n".join(bars).encode() + b"\n" + BLUE_LINE)

    for file in (page.small, page.medium, page.large):
        assert file.extension == "jpg"
        image, scale = opened(file).convert("RGB"), file.width_px / 595
        assert most_blue(image.crop((0, 0, image.width, round(60 * scale)))) > 60
        for n in (25, 125, 225):
            seen = image.getpixel((round((20 + 2.2 * n + 1) * scale), round(442 * scale)))
            assert isinstance(seen, tuple)
            assert all(abs(channel - 255 * n / 250) <= 8 for channel in seen)


def test_a_photograph_becomes_a_jpeg_and_a_gray_one_a_gray_jpeg(convert_bytes: Convert) -> None:
    noise = random.Random(3).randbytes(900 * 600)
    for space, is_gray in (("/DeviceRGB", False), ("/DeviceGray", True)):
        channels = noise * 3 if space == "/DeviceRGB" else noise
        photograph = (
            f"<< /Type /XObject /Subtype /Image /Width 900 /Height 600 /ColorSpace {space} "
            f"/BitsPerComponent 8 /Length {len(channels)} >>\nstream\n{channels.decode('latin-1')}\nendstream"
        )
        drawing = PdfPage(b"q 500 0 0 400 40 300 cm /Photo Do Q", resources="/XObject << /Photo 1000 0 R >>")
        (page,) = convert_bytes(PdfFile([drawing], objects=[photograph]).build()).pages

        assert page.large.extension == "jpg"
        assert (opened(page.large).mode == "L") == is_gray


def test_hairlines_are_as_heavy_in_small_whatever_else_is_on_the_page(convert_bytes: Convert) -> None:
    hairlines = "\n".join(f"0 {600 + 20 * n} m 595 {600 + 20 * n} l S" for n in range(12)).encode()
    gray = only_page(convert_bytes, b"0.2 w\n" + hairlines)
    jpeg = only_page(convert_bytes, b"0.2 w\n" + hairlines + b"\n" + shading(20, 550, 250))

    darkness = []
    for page in (gray, jpeg):
        small = opened(page.small).convert("L")
        lines = small.crop((0, 0, small.width, small.height * 28 // 100)).tobytes()
        darkness.append(255 - sum(lines) / len(lines))
    assert jpeg.small.extension == "jpg"
    assert darkness[0] > 1
    assert abs(darkness[0] - darkness[1]) < 0.3 * darkness[1]
