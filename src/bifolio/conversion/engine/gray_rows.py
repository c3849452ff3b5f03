"""Gray pixels laid out as a PNG wants its rows, so that they need no copy between. Imports Pillow."""

from collections.abc import Iterator
from typing import NamedTuple, cast

from PIL import Image

_BAND_ROWS = 128
"""What so many rows hold stays in a processor's cache from one step of the encoding to the next."""


class GrayRows(NamedTuple):
    """Pixels of mode L, row after row, each row after a margin of zeros: one byte of a PNG of ``depth`` bits.

    In a PNG a row begins with the number of its filter, and 0 stands for none.
    """

    content: bytearray
    size: tuple[int, int]
    depth: int

    @property
    def margin(self) -> int:
        """Pixels before each row, a byte each."""
        return 8 // self.depth

    @property
    def stride(self) -> int:
        """Bytes from a row to the next."""
        return self.size[0] + self.margin

    @property
    def image(self) -> Image.Image:
        """A view without the margin, through which the pixels may be changed."""
        # Any buffer will do, whatever Pillow's types say.
        pixels = cast("bytes", memoryview(self.content)[self.margin :])
        view = Image.frombuffer("L", self.size, pixels, "raw", "L", self.stride, 1)
        # Pillow would copy the view before it changes a pixel, since the memory might be constant.
        view.readonly = 0
        return view

    def bands(self) -> Iterator["GrayRows"]:
        """Copies of the rows, some after others."""
        width, height = self.size
        for top in range(0, height, _BAND_ROWS):
            rows = min(_BAND_ROWS, height - top)
            content = self.content[top * self.stride : (top + rows) * self.stride + self.margin]
            yield GrayRows(content, (width, rows), self.depth)

    def mapped(self, table: bytes) -> "GrayRows":
        """The same with each byte replaced by that which ``table`` has for it, and has 0 for 0."""
        return self._replace(content=self.content.translate(table))


def blank_rows(size: tuple[int, int], depth: int) -> GrayRows:
    """Rows to draw into, all black; whoever draws leaves the margin alone."""
    margin = 8 // depth
    # Pillow reads as if a margin followed the last row as well.
    return GrayRows(bytearray((size[0] + margin) * size[1] + margin), size, depth)


def rows_of(image: Image.Image, depth: int) -> GrayRows:
    """The pixels of an image of mode L, copied."""
    rows = blank_rows(image.size, depth)
    rows.image.paste(image)
    return rows
