"""Counting and converting, through a real engine in a real child process."""

import io
import json
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from bifolio.conversion.events import (
    ConversionLimits,
    CountTimedOut,
    DocumentRefused,
    PageConverted,
    PageRange,
)
from bifolio.conversion.reasons import FailureReason, FileKind, PlaceholderReason
from bifolio.conversion.run import convert, count_pages
from tests.conversion.conftest import Convert
from tests.conversion.pdfs import PdfFile, PdfPage, line_of, text_pdf

SCHEMA = json.loads((Path(__file__).parents[2] / "contracts" / "layers.schema.json").read_text())
HANGING_PAGE = PdfPage(
    b"0 0 m\n" + b"".join(b"%d %d l\n" % (n * 7 % 595, n * 13 % 842) for n in range(3_000_000)) + b"B*"
)


def picture(page: PageConverted, size: str = "large") -> Image.Image:
    return Image.open(io.BytesIO(getattr(page, size).content))


def test_pages_come_in_order_with_three_images_and_layers(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("First page", "Second page"))
    assert outcome.failure is None
    assert outcome.opened is not None
    assert outcome.opened.page_count == 2
    assert [page.number for page in outcome.pages] == [1, 2]
    first = outcome.pages[0]
    assert (first.width_pt, first.height_pt) == (595, 842)
    assert [(image.width_px, image.extension) for image in (first.small, first.medium, first.large)] == [
        (240, "png"),
        (900, "png"),
        (1800, "png"),
    ]
    assert picture(first).size == (first.large.width_px, first.large.height_px)
    assert first.text == "First page"
    assert first.layers is not None
    layers = json.loads(first.layers)
    jsonschema.validate(layers, SCHEMA)
    ((text, x, y, width, height),) = layers["lines"]
    assert text == "First page"
    assert 70 < x < 76
    assert 842 - 700 - 24 < y < 842 - 700
    assert 100 < width < 140
    assert 10 < height < 30


def test_an_empty_page_has_no_layers(convert_bytes: Convert) -> None:
    (page,) = convert_bytes(PdfFile([PdfPage(b"")]).build()).pages
    assert page.layers is None
    assert page.text == ""


@pytest.mark.parametrize(
    ("rotation", "x", "y"), [(90, 700, 72), (180, 595 - 72, 700), (270, 842 - 700, 595 - 72)]
)
def test_sizes_and_places_are_those_of_the_displayed_page(
    convert_bytes: Convert, rotation: int, x: float, y: float
) -> None:
    (page,) = convert_bytes(text_pdf("Turned", extra=f"/Rotate {rotation}")).pages
    assert (page.width_pt, page.height_pt) == ((842, 595) if rotation % 180 else (595, 842))
    assert page.layers is not None
    ((_, left, top, width, height, angle),) = json.loads(page.layers)["lines"]
    assert angle == rotation
    assert left - 25 < x < left + width + 25
    assert top - 25 < y < top + height + 25
    ink = picture(page).convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    scale = page.large.width_px / page.width_pt
    assert [round(side / scale) for side in ink] == pytest.approx(
        [left, top, left + width, top + height], abs=8
    )


def test_only_the_crop_box_is_shown(convert_bytes: Convert) -> None:
    content = b"1 0 0 rg 0 0 600 900 re f 0 g 100 100 100 50 re f"
    (page,) = convert_bytes(PdfFile([PdfPage(content, extra="/CropBox [100 100 200 150]")]).build()).pages
    assert (page.width_pt, page.height_pt) == (100, 50)
    assert picture(page).convert("L").getextrema() == (0, 0)


def test_gray_is_kept_gray_few_colours_as_palette_and_photographs_as_jpeg(convert_bytes: Convert) -> None:
    gray = PdfPage(b"0.5 g 100 100 200 200 re f")
    red = PdfPage(b"1 0 0 rg 100 100 200 200 re f")
    shading = (
        "/Resources << /Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] "
        "/Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >> >> >> >>"
    )
    smooth = PdfPage(b"/S sh", extra=shading)
    pages = convert_bytes(PdfFile([gray, red, smooth]).build()).pages
    assert [picture(page).format for page in pages] == ["PNG", "PNG", "JPEG"]
    assert picture(pages[0]).mode in {"L", "I", "P"}
    assert picture(pages[0]).convert("L").getpixel((600, 2000)) == pytest.approx(128, abs=9)
    assert picture(pages[1]).convert("RGB").getpixel((600, 2000)) == (255, 0, 0)
    assert picture(pages[1]).convert("RGB").getpixel((10, 10)) == (255, 255, 255)


def test_a_gray_page_after_a_coloured_one_is_gray(convert_bytes: Convert) -> None:
    red = PdfPage(b"1 0 0 rg 100 100 200 200 re f")
    pages = convert_bytes(PdfFile([red, PdfPage(), PdfPage()]).build()).pages
    assert [has_colour(picture(page)) for page in pages] == [True, False, False]


def has_colour(image: Image.Image) -> bool:
    colours = image.convert("RGB").getcolors(1 << 16)
    assert colours is not None
    return any(len(set(colour)) > 1 for _, colour in colours if isinstance(colour, tuple))


def test_done_pages_are_not_done_again(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("a", "b", "c", "d"), done={1, 3})
    assert [page.number for page in outcome.pages] == [2, 4]
    assert outcome.opened is not None
    assert outcome.opened.page_count == 4


def test_everything_done_gives_no_page_and_no_failure(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("a", "b"), done={1, 2})
    assert (outcome.pages, outcome.failure) == ([], None)


def test_a_range_gives_its_pages_only(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("a", "b", "c", "d"), pages=PageRange(2, 3), done={2})
    assert [page.number for page in outcome.pages] == [3]
    assert outcome.opened is not None
    assert outcome.opened.page_count == 4
    assert outcome.failure is None


def test_a_range_of_a_known_document_is_not_introduced_again(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("a", "b", "c"), pages=PageRange(2, 99), page_count=3)
    assert [page.number for page in outcome.pages] == [2, 3]
    assert outcome.opened is None


def test_a_document_that_has_changed_its_pages_is_not_believed(convert_bytes: Convert) -> None:
    outcome = convert_bytes(text_pdf("a", "b", "c"), pages=PageRange(2, 4), page_count=4)
    assert all(page.placeholder is PlaceholderReason.CRASHED for page in outcome.pages)
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.CRASHED_REPEATEDLY


def test_a_range_without_a_page_that_can_be_drawn_fails_no_book(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage(line_of("before")), PdfPage(media_box="0 0 10 100000")]).build()
    outcome = convert_bytes(content, pages=PageRange(2, 2), page_count=2)
    assert [page.placeholder for page in outcome.pages] == [PlaceholderReason.SHAPE]
    assert outcome.failure is None


def test_every_page_and_every_loss_says_what_it_cost(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage(line_of("before")), HANGING_PAGE, PdfPage(line_of("after"))]).build()
    outcome = convert_bytes(content, limits=ConversionLimits(page_timeout_s=1.5))
    ((page, reason, took_s),) = [(lost.page, lost.reason, lost.took_s) for lost in outcome.lost]
    assert (page, reason) == (2, PlaceholderReason.OUT_OF_TIME)
    assert took_s >= 1.5
    assert all(page.took_s > 0 for page in outcome.pages)
    assert [page.opening_s > 0 for page in outcome.pages] == [True, False, True]


def test_a_page_that_takes_too_long_becomes_a_placeholder_and_the_book_goes_on(
    convert_bytes: Convert,
) -> None:
    content = PdfFile([PdfPage(line_of("before")), HANGING_PAGE, PdfPage(line_of("after"))]).build()
    outcome = convert_bytes(content, limits=ConversionLimits(page_timeout_s=1.5))
    assert outcome.failure is None
    assert [page.number for page in outcome.pages] == [1, 2, 3]
    assert [page.placeholder for page in outcome.pages] == [None, PlaceholderReason.OUT_OF_TIME, None]
    assert outcome.pages[2].text == "after"
    placeholder = outcome.pages[1]
    assert (placeholder.width_pt, placeholder.height_pt) == (595, 842)
    tones = picture(placeholder, "medium").convert("L").histogram()
    assert sum(tones[0xE0:]) > sum(tones[:0x60]) > 1000


def test_the_last_page_may_be_the_one_that_takes_too_long(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage(line_of("before")), HANGING_PAGE]).build()
    outcome = convert_bytes(content, limits=ConversionLimits(page_timeout_s=1.5))
    assert outcome.failure is None
    assert [page.placeholder for page in outcome.pages] == [None, PlaceholderReason.OUT_OF_TIME]


def test_the_third_death_ends_the_book(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage(line_of("before")), *[HANGING_PAGE] * 3]).build()
    outcome = convert_bytes(content, limits=ConversionLimits(page_timeout_s=1))
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.CRASHED_REPEATEDLY
    assert [page.number for page in outcome.pages] == [1, 2, 3]


def test_a_spent_budget_ends_the_book(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage(line_of("before")), HANGING_PAGE]).build()
    outcome = convert_bytes(content, limits=ConversionLimits(page_timeout_s=30, document_timeout_s=1.5))
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.OUT_OF_TIME


def test_too_many_pages_are_refused_before_any_is_drawn(convert_bytes: Convert) -> None:
    content = PdfFile([PdfPage()], page_tree="/Type /Pages /Count 2 /Kids [10 0 R 10 0 R]").build()
    outcome = convert_bytes(content, limits=ConversionLimits(max_pages=1))
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.TOO_MANY_PAGES
    assert outcome.pages == []
    assert len(convert_bytes(content, limits=ConversionLimits(max_pages=0)).pages) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.4\n", FailureReason.DAMAGED),
        (b"%PDF-1.4\n" + b"x" * 5000, FailureReason.DAMAGED),
        (b"\xff\xd8\xff\xe0 not a picture", FailureReason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n", FailureReason.DAMAGED),
    ],
)
def test_rubbish_fails_as_damaged(convert_bytes: Convert, content: bytes, reason: FailureReason) -> None:
    outcome = convert_bytes(content)
    assert outcome.failure is not None
    assert outcome.failure.reason is reason


def test_a_document_that_cannot_show_any_page_fails(convert_bytes: Convert) -> None:
    outcome = convert_bytes(PdfFile([PdfPage(media_box="0 0 10 100000")]).build())
    assert [page.placeholder for page in outcome.pages] == [PlaceholderReason.SHAPE]
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.NO_PAGE_RENDERED


def test_a_very_tall_page_keeps_its_shape_within_the_limits(convert_bytes: Convert) -> None:
    (page,) = convert_bytes(PdfFile([PdfPage(media_box="0 0 100 4000")]).build()).pages
    assert page.placeholder is None
    assert page.large.height_px == 6000
    assert page.large.width_px == 150
    assert page.small.width_px <= page.medium.width_px <= page.large.width_px


def test_counting_counts_and_says_why_it_cannot(tmp_path: Path) -> None:
    document = tmp_path / "document.pdf"
    document.write_bytes(text_pdf("a", "b", "c"))
    assert count_pages(document, FileKind.PDF, deadline_s=10) == 3
    with document.open("rb") as file:
        file.read()
        assert count_pages(file, FileKind.PDF, deadline_s=10) == 3
    with pytest.raises(CountTimedOut):
        count_pages(document, FileKind.PDF, deadline_s=0.001)
    document.write_bytes(b"%PDF-1.4\n")
    with pytest.raises(DocumentRefused) as refusal:
        count_pages(document, FileKind.PDF, deadline_s=10)
    assert refusal.value.reason is FailureReason.DAMAGED


def test_closing_the_iterator_ends_the_child(tmp_path: Path) -> None:
    document = tmp_path / "document.pdf"
    document.write_bytes(text_pdf(*["page"] * 50))
    events = convert(document, FileKind.PDF, limits=ConversionLimits())
    next(events)
    assert _children()
    events.close()
    assert not _children()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{_thread_id()}/children").read_text().split()


def _thread_id() -> int:
    import threading

    return threading.get_native_id()
