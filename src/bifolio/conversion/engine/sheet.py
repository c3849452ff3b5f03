"""Many images laid out in one, since finding colours has a cost of its own for each. Imports Pillow."""

from collections.abc import Iterator, Sequence

from PIL import Image

Box = tuple[int, int, int, int]


class Sheet:
    """Copies of images of mode RGB in one ``image``, which is as wide as the widest."""

    def __init__(self, images: Sequence[Image.Image]) -> None:
        self._boxes = _boxes([image.size for image in images])
        width, height = (max(box[side] for box in self._boxes) for side in (2, 3))
        self.image = Image.new("RGB", (width, height))
        for image, box in zip(images, self._boxes, strict=True):
            self.image.paste(image, box)

    def cut(self, made: Image.Image) -> Iterator[Image.Image]:
        """The parts of what was made of ``image``, in the order of the images."""
        return (made.crop(box) for box in self._boxes)


def _boxes(sizes: Sequence[tuple[int, int]]) -> list[Box]:
    """A place for each size: from high to low, beside each other while there is room."""
    most = max(width for width, _ in sizes)
    boxes: dict[int, Box] = {}
    left = top = bottom = 0
    for index in sorted(range(len(sizes)), key=lambda index: -sizes[index][1]):
        width, height = sizes[index]
        if left + width > most:
            left, top = 0, bottom
        boxes[index] = (left, top, left + width, top + height)
        left, bottom = left + width, max(bottom, top + height)
    return [boxes[index] for index in range(len(sizes))]
