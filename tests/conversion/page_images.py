"""The pixels of a page's images."""

import io

from PIL import Image

from bifolio.conversion.events import PageImage

Colour = tuple[int, int, int]


def opened(file: PageImage) -> Image.Image:
    """An image of a page, in mode RGB."""
    return Image.open(io.BytesIO(file.content)).convert("RGB")


def colour_at(image: Image.Image, across: float, down: float) -> Colour:
    """The mean colour around a point, given in shares of width and height from the top left."""
    x, y, reach = across * image.width, down * image.height, max(1, min(image.size) // 50)
    area = image.crop((int(x) - reach, int(y) - reach, int(x) + reach, int(y) + reach))
    red, green, blue = area.resize((1, 1), Image.Resampling.BOX).tobytes()
    return red, green, blue
