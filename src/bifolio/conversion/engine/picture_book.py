"""A JPEG or PNG as a book of one page. Imports Pillow, never PDFium."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps

from bifolio.conversion.engine import encode, judge, placeholder
from bifolio.conversion.engine.failures import CannotOpen
from bifolio.conversion.engine.layers_json import picture_layers
from bifolio.conversion.engine.output import PageFiles
from bifolio.conversion.engine.render_size import is_usable, size_at_width
from bifolio.conversion.limits import LARGE_WIDTH_PX, MAX_SOURCE_PIXELS
from bifolio.conversion.reasons import FailureReason

_FORMATS = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"]}
_BAND_PX = 256
_POINTS_PER_PIXEL = 0.75
"""A picture says little about its size on paper, so that of a screen of 96 pixels an inch is taken."""


class PictureBook:
    """One open picture; ``kind`` is ``jpeg`` or ``png``. Raises CannotOpen."""

    page_count = 1

    def __init__(self, content: memoryview, kind: str) -> None:
        Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            self.picture = Image.open(io.BytesIO(content), formats=_FORMATS[kind])
            self._turn = self.picture.getexif().get(0x0112, 1)
        except Exception as error:
            raise CannotOpen(FailureReason.DAMAGED) from error

    def prepare(self) -> None:
        """Nothing to do."""

    def properties(self) -> dict[str, Any]:
        """A picture says nothing about itself that a book could use."""
        return {"title": "", "language": "", "direction": "ltr", "outline": [], "page_labels": []}

    def page_size(self, number: int) -> tuple[float, float]:
        """Width and height in points, after the turn that the camera asks for."""
        assert number == 1
        width, height = (side * _POINTS_PER_PIXEL for side in self.picture.size)
        return (height, width) if 5 <= self._turn <= 8 else (width, height)

    def convert(self, number: int, width_pt: float, height_pt: float) -> PageFiles:
        """The files of the picture. Raises what Pillow raises for a damaged one."""
        if not is_usable(width_pt, height_pt):
            return placeholder.draw(number, *placeholder.USUAL_SIZE_PT, "shape")
        width_px = min(LARGE_WIDTH_PX, round(width_pt / _POINTS_PER_PIXEL))
        size = size_at_width(width_pt, height_pt, width_px)
        turned_size = (size.height, size.width) if 5 <= self._turn <= 8 else (size.width, size.height)
        self.picture.draft(None, turned_size)
        # A picture that stays as it is would be copied all the same.
        picture = self.picture if self._turn == 1 else ImageOps.exif_transpose(self.picture)
        picture = _on_white(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        picture = self._in_srgb(picture)
        sizes = encode.shrink(picture)
        if judge.is_gray(judge.colourfulness(sizes.small)):
            sizes = sizes.to_gray()
        return PageFiles(encode.encode_all(sizes), picture_layers(width_pt, height_pt), "")

    def as_shown(self, part: Image.Image) -> Image.Image:
        """A part of the picture in mode RGB, without transparency, in the colours of the web."""
        return self._in_srgb(_on_white(part))

    def _in_srgb(self, picture: Image.Image) -> Image.Image:
        return _in_srgb(picture, self.picture.info.get("icc_profile"))


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture in 8 bits a channel without transparency: mode RGB, or CMYK as it was."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if picture.has_transparency_data:
        return _laid_on_white(picture)
    return picture if picture.mode == "CMYK" else picture.convert("RGB")


def _laid_on_white(picture: Image.Image) -> Image.Image:
    """Without its transparency, band by band: whole copies of a large picture would not fit into memory."""
    paper = Image.new("RGB", picture.size, "white")
    for top in range(0, picture.height, _BAND_PX):
        band = picture.crop((0, top, picture.width, min(picture.height, top + _BAND_PX))).convert("RGBA")
        paper.paste(band, (0, top), band)
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in the colours of the web; by its own profile, where that is a usable one."""
    if profile:
        from PIL import ImageCms

        try:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.getOpenProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
