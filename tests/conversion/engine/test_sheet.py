"""Images laid out in one and cut out again."""

import random

import pytest
from PIL import Image

from bifolio.conversion.engine.sheet import Sheet


@pytest.mark.parametrize("count", [1, 2, 40])
def test_what_is_cut_out_are_the_images_in_their_order(count: int) -> None:
    numbers = random.Random(count)
    images = []
    for _ in range(count):
        width, height = numbers.randrange(1, 90), numbers.randrange(1, 90)
        images.append(Image.frombytes("RGB", (width, height), numbers.randbytes(3 * width * height)))

    sheet = Sheet(images)

    cut = [(part.size, part.tobytes()) for part in sheet.cut(sheet.image)]
    assert cut == [(image.size, image.tobytes()) for image in images]


def test_images_stand_beside_each_other_where_there_is_room() -> None:
    sheet = Sheet([Image.new("RGB", size) for size in ((40, 30), (100, 10), (50, 20))])

    assert sheet.image.size == (100, 40)
