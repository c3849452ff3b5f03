"""Which part of a page is shown, and which way up: boxes, rotation and user units."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from bifolio.conversion.events import PageConverted
from tests.conversion.conftest import convert_file
from tests.conversion.engine.swatches import assert_alike
from tests.conversion.page_images import Colour, colour_at, opened
from tests.conversion.pdfs import PdfFile, PdfPage

Box = tuple[float, float, float, float]

MEDIA, CROP = (0, 0, 300, 400), (50, 100, 250, 380)
CORNERS: list[Colour] = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
"""What is drawn into the visible part: from its left top, with the clock."""
VARIANTS = [
    *itertools.product([0, 90, 180, 270], [False, True], [1, 2.5]),
    (-90, False, 1),
    (450, True, 1),
]


def page(media: Sequence[float], visible: Box, entries: str) -> PdfPage:
    """A page that is black, but for the quarters of its visible part."""
    left, bottom, right, top = visible
    width, height = (right - left) / 2, (top - bottom) / 2
    places = [
        (left, bottom + height),
        (left + width, bottom + height),
        (left + width, bottom),
        (left, bottom),
    ]
    drawing = ["0 g -1000 -1000 9000 9000 re f"]
    for (x, y), colour in zip(places, CORNERS, strict=True):
        drawing.append(
            f"{' '.join(str(channel / 255) for channel in colour)} rg {x} {y} {width} {height} re f"
        )
    return PdfPage("\n".join(drawing).encode(), " ".join(map(str, media)), extra=entries)


def in_words(box: Box) -> str:
    return f"[{' '.join(map(str, box))}]"


def convert_pages(folder: Path, pages: Sequence[PdfPage], page_tree: str = "") -> list[PageConverted]:
    path = folder / "boxes.pdf"
    path.write_bytes(PdfFile(list(pages), page_tree=page_tree).build())
    return convert_file(path).pages


def assert_corners(converted: PageConverted, turn: int) -> None:
    """Fail unless the corners have their colours after so many degrees with the clock."""
    steps = turn // 90 % 4
    places = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    for image in (opened(converted.small), opened(converted.medium)):
        for at, (across, down) in enumerate(places):
            assert_alike(colour_at(image, across, down), CORNERS[(at - steps) % 4], 24)


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> list[PageConverted]:
    pages = [
        page(
            MEDIA,
            CROP if is_cropped else MEDIA,
            f"/Rotate {turn} /UserUnit {unit} " + f"/CropBox {in_words(CROP)}" * is_cropped,
        )
        for turn, is_cropped, unit in VARIANTS
    ]
    return convert_pages(tmp_path_factory.mktemp("boxes"), pages)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_page_is_cropped_turned_and_scaled(
    turned: list[PageConverted], variant: tuple[int, bool, float]
) -> None:
    turn, is_cropped, unit = variant
    converted = turned[VARIANTS.index(variant)]
    left, bottom, right, top = CROP if is_cropped else MEDIA
    size = (right - left, top - bottom) if turn % 180 == 0 else (top - bottom, right - left)

    assert (converted.width_pt, converted.height_pt) == pytest.approx(size), unit
    assert converted.large.height_px == pytest.approx(1800 * size[1] / size[0], abs=1)
    assert_corners(converted, turn)


BOXES: dict[str, tuple[Box, str, Box]] = {
    "does not begin at zero": ((-100, 200, 200, 600), "", (-100, 200, 200, 600)),
    "corners exchanged": ((300, 400, 0, 0), "", MEDIA),
    "crop box beyond the media": (MEDIA, "/CropBox [-50 -50 200 900]", (0, 0, 200, 400)),
    "crop box with corners exchanged": (MEDIA, "/CropBox [250 380 50 100]", CROP),
    "crop box that is empty": (MEDIA, "/CropBox [0 0 0 0]", MEDIA),
    "crop box larger than all": (MEDIA, "/CropBox [-900 -900 900 900]", MEDIA),
    "trim, bleed and art boxes": (
        MEDIA,
        "/TrimBox [20 20 280 380] /BleedBox [10 10 290 390] /ArtBox [100 100 200 200]",
        MEDIA,
    ),
}


@pytest.fixture(scope="module")
def boxed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PageConverted]:
    pages = [page(media, visible, entries) for media, entries, visible in BOXES.values()]
    converted = convert_pages(tmp_path_factory.mktemp("boxes"), pages)
    return dict(zip(BOXES, converted, strict=True))


@pytest.mark.parametrize("name", BOXES)
def test_the_visible_part_is_that_of_the_boxes(boxed: dict[str, PageConverted], name: str) -> None:
    left, bottom, right, top = BOXES[name][2]
    assert (boxed[name].width_pt, boxed[name].height_pt) == pytest.approx((right - left, top - bottom))
    assert_corners(boxed[name], 0)


def test_boxes_and_rotation_come_from_the_tree_where_a_page_has_none(tmp_path: Path) -> None:
    boxes = f"/MediaBox {in_words(MEDIA)} /CropBox {in_words(CROP)}"
    tree = f"/Type /Pages /Count 1 /Kids [10 0 R] /Rotate 90 {boxes}"
    (converted,) = convert_pages(tmp_path, [page((), CROP, "")], tree)
    assert (converted.width_pt, converted.height_pt) == pytest.approx((280, 200))
    assert_corners(converted, 90)
