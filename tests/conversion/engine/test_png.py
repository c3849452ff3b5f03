"""PNG files of few grays or colours, read back by Pillow's own decoder."""

import io
import random

import pytest
from PIL import Image

from bifolio.conversion.engine.output import Encoded
from bifolio.conversion.engine.png import encode_gray, encode_palette

SIZES = [(1, 1), (2, 1), (7, 5), (8, 3), (1800, 33)]


def decoded(encoded: Encoded) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.content))
    assert (encoded.width_px, encoded.height_px) == image.size
    return image


@pytest.mark.parametrize("size", SIZES)
def test_sixteen_grays_survive_at_any_width(size: tuple[int, int]) -> None:
    grays = random.Random(1)
    image = Image.frombytes("L", size, bytes(17 * grays.randrange(16) for _ in range(size[0] * size[1])))

    assert decoded(encode_gray(image)).convert("L").tobytes() == image.tobytes()


def test_other_grays_become_the_nearest_of_sixteen() -> None:
    image = Image.frombytes("L", (256, 1), bytes(range(256)))

    read = decoded(encode_gray(image)).convert("L").tobytes()

    assert max(abs(before - after) for before, after in zip(range(256), read, strict=True)) == 8


@pytest.mark.parametrize("colour_count", [1, 16, 17, 64])
@pytest.mark.parametrize("size", SIZES)
def test_the_colours_of_a_palette_survive_at_any_width(size: tuple[int, int], colour_count: int) -> None:
    numbers = random.Random(2)
    colours = [(16 * (n % 16), 16 * (n // 16), numbers.randrange(256)) for n in range(colour_count)]
    chosen = [numbers.choice(colours) for _ in range(size[0] * size[1])]
    image = Image.frombytes("RGB", size, bytes(channel for colour in chosen for channel in colour))

    assert decoded(encode_palette(image, colours)).convert("RGB").tobytes() == image.tobytes()
