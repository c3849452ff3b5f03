"""Gray pixels laid out as a PNG wants its rows, so that they need no copy between. Imports Pillow."""

from typing import NamedTuple, cast

from PIL import Image


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
        """A view without the margin."""
        # Any buffer will do, whatever Pillow's types say.
        pixels = cast("bytes", memoryview(self.content)[self.margin :])
        return Image.frombuffer("L", self.size, pixels, "raw", "L", self.stride, 1)


def blank_rows(size: tuple[int, int], depth: int) -> GrayRows:
    """Rows to draw into, all black; whoever draws leaves the margin alone."""
    margin = 8 // depth
    # Pillow reads as if a margin followed the last row as well.
    return GrayRows(bytearray((size[0] + margin) * size[1] + margin), size, depth)


def rows_of(image: Image.Image, depth: int) -> GrayRows:
    """The pixels of an image of mode L, copied."""
    margin, (width, height) = 8 // depth, image.size
    # One more row for the margin that Pillow expects after the last.
    content = bytearray(image.crop((-margin, 0, width, height + 1)).tobytes())
    del content[(width + margin) * height + margin :]
    return GrayRows(content, image.size, depth)
