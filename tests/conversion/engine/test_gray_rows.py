"""Gray pixels with room for the number of a PNG's filter before each row."""

import pytest
from PIL import Image

from bifolio.conversion.engine.gray_rows import GrayRows, blank_rows, rows_of


def shaded(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), bytes(1 + n % 255 for n in range(width * height)))


@pytest.mark.parametrize("depth", [4, 8])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 5)])
def test_a_copy_shows_the_same_pixels_and_has_zeros_before_each_row(
    size: tuple[int, int], depth: int
) -> None:
    image = shaded(*size)
    rows = rows_of(image, depth)

    assert rows.image.tobytes() == image.tobytes()
    assert all(
        not any(rows.content[start : start + rows.margin])
        for start in range(0, rows.stride * size[1], rows.stride)
    )


@pytest.mark.parametrize("depth", [4, 8])
def test_blank_rows_are_as_long_as_a_copy_and_show_what_is_written_later(depth: int) -> None:
    rows = blank_rows((7, 5), depth)
    view = rows.image

    rows.content[:] = rows_of(shaded(7, 5), depth).content

    assert view.tobytes() == shaded(7, 5).tobytes()


def test_a_row_begins_at_a_whole_byte_of_the_png() -> None:
    assert [GrayRows(bytearray(), (10, 1), depth).margin * depth for depth in (4, 8)] == [8, 8]


@pytest.mark.parametrize("height", [1, 128, 129, 300])
def test_bands_follow_each_other_without_a_gap(height: int) -> None:
    rows = rows_of(shaded(5, height), 8)

    assert b"".join(band.image.tobytes() for band in rows.bands()) == shaded(5, height).tobytes()


def test_a_pixel_changed_in_the_view_is_changed_in_the_rows() -> None:
    rows = blank_rows((4, 2), 8)

    rows.image.paste(7, (2, 1, 4, 2))

    assert rows.content == bytes([0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0])


def test_a_table_changes_pixels_and_not_the_margin() -> None:
    rows = rows_of(Image.new("L", (3, 2), 9), 4)

    mapped = rows.mapped(bytes(value // 3 for value in range(256)))

    assert mapped == rows_of(Image.new("L", (3, 2), 3), 4)
