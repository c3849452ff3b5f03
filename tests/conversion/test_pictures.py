"""JPEG and PNG become books of one page."""

import io

import pytest
from PIL import Image, ImageCms, ImageDraw

from bifolio.conversion.reasons import FailureReason
from tests.conversion.conftest import Conversion, Convert


def encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, image_format, **options)
    return target.getvalue()


def large(outcome: Conversion) -> Image.Image:
    assert outcome.failure is None
    (page,) = outcome.pages
    return Image.open(io.BytesIO(page.large.content)).convert("RGB")


def noisy(size: tuple[int, int]) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 60 + 20 * band) for band in range(3)])


def test_a_photograph_becomes_one_page_of_three_sizes(convert_bytes: Convert) -> None:
    outcome = convert_bytes(encoded(noisy((3000, 2000)), "JPEG"))
    assert outcome.opened is not None
    assert outcome.opened.page_count == 1
    page = outcome.pages[0]
    assert (page.width_pt, page.height_pt) == (2250, 1500)
    sizes = [(image.width_px, image.height_px) for image in (page.small, page.medium, page.large)]
    assert sizes == [(240, 160), (900, 600), (1800, 1200)]
    assert {image.extension for image in (page.small, page.medium, page.large)} == {"jpg"}


def test_a_small_picture_is_not_enlarged(convert_bytes: Convert) -> None:
    page = convert_bytes(encoded(noisy((300, 100)), "PNG")).pages[0]
    assert [image.width_px for image in (page.small, page.medium, page.large)] == [240, 300, 300]


def test_the_turn_of_the_camera_is_honoured(convert_bytes: Convert) -> None:
    image = Image.new("RGB", (600, 300), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 100, 100), fill="red")
    exif = Image.Exif()
    exif[0x0112] = 6
    outcome = convert_bytes(encoded(image, "JPEG", exif=exif))
    turned = large(outcome)
    assert turned.size == (300, 600)
    assert outcome.pages[0].width_pt < outcome.pages[0].height_pt
    assert turned.getpixel((250, 50)) == pytest.approx((255, 0, 0), abs=12)
    assert turned.getpixel((50, 50)) == pytest.approx((255, 255, 255), abs=12)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_lies_on_white(convert_bytes: Convert, mode: str) -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 100, 100), fill=(0, 0, 0, 255))
    page = large(convert_bytes(encoded(image.convert(mode), "PNG")))
    assert page.getpixel((300, 300)) == pytest.approx((255, 255, 255), abs=12)
    assert page.getpixel((50, 50)) == pytest.approx((0, 0, 0), abs=12)


def test_a_large_transparent_picture_fits_into_memory(convert_bytes: Convert) -> None:
    picture = Image.new("RGBA", (8000, 8000), (255, 0, 0, 128))
    shown = large(convert_bytes(encoded(picture, "PNG", compress_level=1)))
    assert shown.getpixel((900, 900)) == pytest.approx((255, 127, 127), abs=3)


def test_a_cmyk_jpeg_has_its_colours(convert_bytes: Convert) -> None:
    cyan = Image.new("CMYK", (400, 400), (255, 0, 0, 0))
    red, green, blue = large(convert_bytes(encoded(cyan, "JPEG"))).getpixel((200, 200))  # type: ignore[misc]
    assert red < 60
    assert min(green, blue) > 150


def test_sixteen_bits_of_gray_are_not_cut_off(convert_bytes: Convert) -> None:
    image = Image.new("I;16", (400, 400), 32896)
    assert large(convert_bytes(encoded(image, "PNG"))).getpixel((200, 200)) == pytest.approx(
        (128,) * 3, abs=9
    )


def test_a_profile_that_is_none_is_ignored(convert_bytes: Convert) -> None:
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (good, b"rubbish"):
        image = Image.new("RGB", (400, 400), (200, 30, 30))
        page = large(convert_bytes(encoded(image, "JPEG", icc_profile=profile)))
        assert page.getpixel((200, 200)) == pytest.approx((200, 30, 30), abs=12)


def test_a_picture_of_too_many_pixels_is_refused_undecoded(convert_bytes: Convert) -> None:
    outcome = convert_bytes(encoded(Image.new("1", (30_000, 30_000)), "PNG"))
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.DAMAGED


def test_a_cut_off_picture_fails(convert_bytes: Convert) -> None:
    content = encoded(noisy((800, 800)), "JPEG")
    outcome = convert_bytes(content[: len(content) // 2])
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.NO_PAGE_RENDERED
