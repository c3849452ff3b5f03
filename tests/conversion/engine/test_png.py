"""PNG files of few grays or colours, read back by Pillow's own decoder."""

import io
import random

import pytest
from PIL import Image, ImageChops, ImageStat

from bifolio.conversion.engine.gray_rows import rows_of
from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.png import (
    EVEN_GRAYS,
    Patch,
    encode_gray,
    encode_palette,
    encode_patched,
    grays_of,
)

SIZES = [(1, 1), (2, 1), (7, 5), (8, 3), (1800, 33)]


def decoded(encoded: Encoded) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.content))
    assert (encoded.width_px, encoded.height_px) == image.size
    return image


@pytest.mark.parametrize("size", SIZES)
def test_sixteen_grays_survive_at_any_width(size: tuple[int, int]) -> None:
    grays = random.Random(1)
    image = Image.frombytes("L", size, bytes(17 * grays.randrange(16) for _ in range(size[0] * size[1])))

    assert decoded(encode_gray(rows_of(image, 4))).convert("L").tobytes() == image.tobytes()


def test_other_grays_become_the_nearest_of_sixteen() -> None:
    image = Image.frombytes("L", (256, 1), bytes(range(256)))

    read = decoded(encode_gray(rows_of(image, 4))).convert("L").tobytes()

    assert max(abs(before - after) for before, after in zip(range(256), read, strict=True)) == 8


def test_each_sixteenth_of_the_tones_is_what_nearly_all_are_or_the_mean() -> None:
    image = Image.frombytes("L", (20, 1), bytes([230] * 9 + [238, 30, 32, 36, 38, *[255] * 6]))

    read = decoded(encode_gray(rows_of(image, 4), grays_of(image))).convert("L").tobytes()

    assert read == bytes([230] * 10 + [34] * 4 + [255] * 6)


@pytest.mark.parametrize("colour_count", [1, 16, 17, 64])
@pytest.mark.parametrize("size", SIZES)
def test_the_colours_of_a_palette_survive_at_any_width(size: tuple[int, int], colour_count: int) -> None:
    numbers = random.Random(2)
    colours = [(16 * (n % 16), 16 * (n // 16), numbers.randrange(256)) for n in range(colour_count)]
    chosen = [numbers.choice(colours) for _ in range(size[0] * size[1])]
    image = Image.frombytes("RGB", size, bytes(channel for colour in chosen for channel in colour))

    assert decoded(encode_palette(image, colours)).convert("RGB").tobytes() == image.tobytes()


@pytest.mark.parametrize("place", [(0, 0), (3, 1), (4, 3)])
def test_patches_lie_in_their_colours_on_grays_that_stay_exact(place: tuple[int, int]) -> None:
    gray = Image.frombytes("L", (7, 5), bytes(17 * (n % 16) for n in range(35)))
    patch = Patch(*place, Image.new("RGB", (3, 2), (200, 30, 60)))

    (encoded,) = encode_patched([rows_of(gray, 8)], [[patch]], [(200, 30, 60), (1, 2, 3)], [EVEN_GRAYS])

    expected = gray.convert("RGB")
    expected.paste(patch.image, place)
    assert decoded(encoded).convert("RGB").tobytes() == expected.tobytes()


def test_each_image_gets_its_own_patches() -> None:
    grays = [Image.new("L", (9, 9), 255), Image.new("L", (5, 5), 0)]
    patches = [
        [
            Patch(0, 0, Image.new("RGB", (2, 2), (255, 0, 0))),
            Patch(5, 5, Image.new("RGB", (4, 3), (0, 0, 255))),
        ],
        [Patch(1, 1, Image.new("RGB", (1, 1), (0, 0, 255)))],
    ]

    one, other = (
        decoded(e).convert("RGB")
        for e in encode_patched(
            [rows_of(gray, 8) for gray in grays], patches, [(255, 0, 0), (0, 0, 255)], [EVEN_GRAYS] * 2
        )
    )

    assert one.getpixel((1, 1)) == (255, 0, 0)
    assert one.getpixel((8, 7)) == (0, 0, 255)
    assert one.getpixel((8, 8)) == (255, 255, 255)
    assert other.getpixel((1, 1)) == (0, 0, 255)
    assert other.getpixel((0, 0)) == (0, 0, 0)


def test_patches_of_many_colours_get_those_that_stand_for_theirs() -> None:
    tones = Image.merge(
        "RGB", [Image.linear_gradient("L"), *Image.radial_gradient("L").convert("RGB").split()[:2]]
    )

    white = rows_of(Image.new("L", (300, 300), 255), 8)
    (encoded,) = encode_patched([white], [[Patch(20, 30, tones)]], [], [EVEN_GRAYS])

    seen = decoded(encoded).convert("RGB")
    difference = ImageChops.difference(seen.crop((20, 30, 276, 286)), tones)
    assert ImageStat.Stat(difference).mean < [16, 16, 16]
    assert seen.getpixel((290, 290)) == (255, 255, 255)


def test_a_patch_is_whole_however_high_the_image_is() -> None:
    tall = Image.new("L", (9, 700), 255)
    patch = Patch(2, 100, Image.new("RGB", (5, 450), (0, 0, 255)))

    (encoded,) = encode_patched([rows_of(tall, 8)], [[patch]], [(0, 0, 255)], [EVEN_GRAYS])

    expected = tall.convert("RGB")
    expected.paste(patch.image, (2, 100))
    assert decoded(encoded).convert("RGB").tobytes() == expected.tobytes()
