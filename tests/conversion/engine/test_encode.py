"""Which files a drawn page becomes, and what is judged of it; without PDFium."""

import io

import pytest
from PIL import Image, ImageDraw

from bifolio.conversion.engine import encode, judge
from bifolio.conversion.engine.gray_rows import rows_of
from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.png import Patch


def page_of_text(mode: str, ink: str = "black", size: tuple[int, int] = (1800, 2400)) -> Image.Image:
    image = Image.new(mode, size, "white")
    drawing = ImageDraw.Draw(image)
    for line in range(20, size[1] - 40, 60):
        drawing.text((60, line), "Text that is read, not looked at. " * 6, fill=ink, font_size=30)
    return image


def opened(file: Encoded) -> Image.Image:
    return Image.open(io.BytesIO(file.content))


def test_nothing_is_enlarged() -> None:
    sizes = encode.shrink(Image.new("L", (200, 300)))

    assert [image.size for image in sizes] == [(200, 300)] * 3


def test_the_smaller_sizes_have_their_widths_and_the_shape_of_the_page() -> None:
    sizes = encode.shrink(Image.new("RGB", (1800, 2547)))

    assert [image.size for image in sizes] == [(240, 340), (900, 1274), (1800, 2547)]


def test_text_in_one_colour_on_white_becomes_a_palette() -> None:
    files = encode.encode_all(encode.shrink(page_of_text("RGB", "darkred")))

    assert [file.extension for file in files] == ["jpg", "png", "png"]
    assert files[2].content[25] == 3


def test_noise_becomes_a_jpeg_and_an_optimized_one_is_smaller_and_looks_the_same() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1800, 600), spread) for spread in (20, 30, 40)])
    sizes = encode.shrink(noise)

    plain, optimized = encode.encode_all(sizes), encode.encode_all(sizes, is_large_photograph=True)

    assert {file.extension for file in (*plain, *optimized)} == {"jpg"}
    assert len(optimized[2].content) < len(plain[2].content)
    assert opened(optimized[2]).tobytes() == opened(plain[2]).tobytes()


def test_a_patch_covers_the_same_part_of_the_page_at_each_size() -> None:
    gray = Image.new("L", (1800, 2546), 255)
    patch = Patch(600, 1200, Image.new("RGB", (302, 150), "red"))

    files = encode.encode_gray_with(rows_of(gray, 8), [patch])

    for file in files:
        image = opened(file).convert("RGB")
        red = image.getchannel("G").point(lambda value: 255 - value).getbbox()
        assert red is not None
        expected = [edge * file.width_px / 1800 for edge in (600, 1200, 902, 1350)]
        assert all(abs(seen - wanted) <= 1 for seen, wanted in zip(red, expected, strict=True))


@pytest.mark.parametrize("tint", [0, 8, 9])
def test_channels_a_little_apart_count_as_gray(tint: int) -> None:
    image = Image.new("RGB", (240, 300), "white")
    image.paste((100, 100 + tint, 100), (50, 50, 60, 60))

    assert judge.is_gray(judge.colourfulness(image)) == (tint <= judge.GRAY_TOLERANCE)


def test_coloured_areas_hold_all_colour_and_apart_from_each_other_stay_apart() -> None:
    image = Image.new("RGB", (240, 300), "white")
    for box in ((10, 10, 30, 20), (100, 12, 140, 18), (5, 200, 9, 203), (230, 290, 240, 300)):
        image.paste("navy", box)

    areas = judge.coloured_areas(judge.colourfulness(image))

    assert areas == [(9, 9, 31, 21), (99, 9, 141, 21), (4, 199, 10, 204), (229, 289, 240, 300)]


def test_there_are_no_areas_where_much_of_the_page_is_coloured() -> None:
    image = Image.new("RGB", (240, 300), "white")
    image.paste("navy", (0, 0, 240, 150))

    assert judge.coloured_areas(judge.colourfulness(image)) == []


def test_colours_beyond_the_allowed_number_are_none() -> None:
    tones = Image.linear_gradient("L").convert("RGB")

    assert judge.few_colours([tones], at_most=8) == []
    assert len(judge.few_colours([tones], at_most=16)) == 16


def test_text_is_flat_and_noise_is_not() -> None:
    assert judge.is_flat(judge.some_rows(page_of_text("L")))
    assert not judge.is_flat(judge.some_rows(Image.effect_noise((1800, 600), 10)))
