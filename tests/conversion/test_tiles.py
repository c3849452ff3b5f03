"""Pages drawn larger than they are kept: the same picture, sharper, in a child that is believed nothing."""

import io
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bifolio.conversion import distrust
from bifolio.conversion.events import ConversionLimits, PageConverted, PageRange
from bifolio.conversion.levels import TilePlace, grid_of, levels_of, tile_size
from bifolio.conversion.limits import MAX_LEVEL_PX, TILE_PX
from bifolio.conversion.reasons import FileKind
from bifolio.conversion.run import convert
from bifolio.conversion.sniff import sniff
from bifolio.conversion.tiles import StopSwitch, TilesRefused, TilesStopped, WantedLevel, draw_tiles
from tests.conversion.pdfs import PdfFile, PdfPage, line_of
from tests.locked_documents import make_locked_pdf

LINES = b"\n".join(line_of("The quick brown fox jumps over it", 40, 800 - 30 * n) for n in range(26))
RED_HEAD = b"0.8 0.1 0.1 rg " + line_of("A head in red", 40, 815) + b" 0 g " + LINES
SOFT = b"\n".join(b"%.3f %.3f 0.5 rg %d 0 6 842 re f" % (n / 100, 1 - n / 100, 6 * n) for n in range(100))
SLOW = zlib.compress(b"q\n" + b"0 0 m 595 842 l 0 842 l 595 0 l f*\n" * 400_000 + b"Q")


def photograph(size: tuple[int, int], **options: Any) -> bytes:
    noise = [Image.effect_noise((size[0] // 64, size[1] // 64), 40 + 20 * band) for band in range(3)]
    image = Image.merge("RGB", noise).resize(size, Image.Resampling.BICUBIC)
    for x in range(0, size[0], 100):
        ImageDraw.Draw(image).line((x, 0, x + 300, size[1]), fill="black", width=3)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=92, **options)
    return target.getvalue()


def camera_turn(turn: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turn
    return exif.tobytes()


def large_of(path: Path, page: int = 1, **options: Any) -> tuple[FileKind, PageConverted]:
    kind = sniff(path.read_bytes()[:1024])
    assert kind is not None
    events = convert(path, kind, limits=ConversionLimits(), **options)
    pages = [event for event in events if isinstance(event, PageConverted)]
    return kind, pages[page - 1]


def drawn(path: Path, wanted: WantedLevel, **options: Any) -> dict[TilePlace, bytes]:
    with path.open("rb") as document:
        return dict(draw_tiles(document.fileno(), wanted, StopSwitch(), **options))


def put_together(tiles: dict[TilePlace, bytes], size: tuple[int, int]) -> Image.Image:
    whole = Image.new("RGB", size)
    for place, content in tiles.items():
        tile = Image.open(io.BytesIO(content)).convert("RGB")
        whole.paste(tile, (place.column * TILE_PX, place.row * TILE_PX))
    return whole


def pixels(image: Image.Image) -> Any:
    return np.asarray(image.convert("RGB"), dtype=np.int16)


def steepest(image: Image.Image) -> float:
    """How steep the steepest thousandth of all edges are."""
    gray = np.asarray(image.convert("L"), dtype=float)
    return float(np.percentile(np.abs(np.diff(gray, axis=1)), 99.9))


def pdf(content: bytes, extra: str = "") -> bytes:
    return PdfFile([PdfPage(content, extra=extra)]).build()


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "gray text": (lambda: pdf(LINES), "png"),
    "text with a head in red": (lambda: pdf(RED_HEAD), "png"),
    "soft colours": (lambda: pdf(SOFT), "jpg"),
    "turned": (lambda: pdf(RED_HEAD, "/Rotate 90"), "png"),
    "a photograph": (lambda: photograph((5000, 3400)), "jpg"),
    "a photograph turned by its camera": (lambda: photograph((4000, 3000), exif=camera_turn(6)), "jpg"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tiles_show_what_the_large_image_shows_and_more_of_it(name: str, tmp_path: Path) -> None:
    make, extension = DOCUMENTS[name]
    path = tmp_path / "document"
    path.write_bytes(make())
    kind, page = large_of(path)
    large = Image.open(io.BytesIO(page.large.content)).convert("RGB")
    assert page.large.extension == extension

    for size in levels_of(kind, page.width_pt, page.height_pt):
        tiles = drawn(path, WantedLevel(kind, 1, size, extension))
        columns, rows = grid_of(size)
        assert set(tiles) == {TilePlace(column, row) for column in range(columns) for row in range(rows)}
        whole = put_together(tiles, size)
        shrunk = whole.resize(large.size, Image.Resampling.BOX)
        assert np.abs(pixels(shrunk) - pixels(large)).mean() < 4, (name, size)
        if name != "soft colours":
            blown_up = large.crop((500, 300, 900, 700)).resize(
                (int(400 * size.width / large.width),) * 2, Image.Resampling.BICUBIC
            )
            scale = size.width / large.width
            left, top = int(500 * scale), int(300 * scale)
            looked_at = whole.crop((left, top, int(left + 400 * scale), int(top + 400 * scale)))
            assert steepest(looked_at) > 1.3 * steepest(blown_up), (name, size)


def test_no_seam_shows_between_bands_and_tiles(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(photograph((6000, 4000)))
    kind, page = large_of(path)
    size = levels_of(kind, page.width_pt, page.height_pt)[0]
    assert size == (3600, 2400)
    whole = put_together(drawn(path, WantedLevel(kind, 1, size, "jpg")), size)
    source = Image.open(path).convert("RGB").resize(size, Image.Resampling.LANCZOS)
    differences = np.abs(pixels(whole) - pixels(source)).mean(axis=(1, 2))
    at_seams = [differences[y] for y in (TILE_PX - 1, TILE_PX, 2 * TILE_PX - 1, 2 * TILE_PX)]
    assert max(at_seams) < 2 * np.median(differences) + 1


def test_the_wanted_row_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "document"
    path.write_bytes(pdf(LINES))
    kind, page = large_of(path)
    size = levels_of(kind, page.width_pt, page.height_pt)[1]
    tiles = drawn(path, WantedLevel(kind, 1, size, "png", first_row=5))
    rows = [place.row for place in tiles]
    assert list(dict.fromkeys(rows)) == [5, 4, 6, 3, 7, 2, 8, 1, 9, 0]


def test_a_locked_document_opens_with_its_password_only(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(make_locked_pdf("secret"))
    kind, page = large_of(path, 2, password="secret")
    size = levels_of(kind, page.width_pt, page.height_pt)[0]
    assert drawn(path, WantedLevel(kind, 2, size, "png", password="secret"))
    with pytest.raises(TilesRefused, match="password"):
        drawn(path, WantedLevel(kind, 2, size, "png"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing", pdf(LINES)[:500]])
def test_what_is_no_document_gives_no_tiles(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "document"
    path.write_bytes(content)
    size = levels_of(FileKind.PDF, 595, 842)[0]
    for kind in FileKind:
        with pytest.raises(TilesRefused):
            drawn(path, WantedLevel(kind, 1, size, "png"))


def test_a_page_that_is_not_there_gives_no_tiles(tmp_path: Path) -> None:
    path = tmp_path / "document"
    path.write_bytes(pdf(LINES))
    with pytest.raises(TilesRefused):
        drawn(path, WantedLevel(FileKind.PDF, 2, levels_of(FileKind.PDF, 595, 842)[0], "png"))


def slow_document(folder: Path) -> Path:
    stream = f"<< /Length {len(SLOW)} /Filter /FlateDecode >>\nstream\n{SLOW.decode('latin-1')}\nendstream"
    file = PdfFile([PdfPage()], objects=[stream]).build()
    path = folder / "slow.pdf"
    path.write_bytes(file.replace(b"/Contents 11 0 R", b"/Contents 1000 0 R"))
    return path


def test_a_page_that_takes_too_long_is_refused_and_leaves_no_child(tmp_path: Path) -> None:
    path = slow_document(tmp_path)
    size = levels_of(FileKind.PDF, 595, 842)[1]
    with pytest.raises(TilesRefused, match=r"EngineDied|EngineTooSlow"):
        drawn(path, WantedLevel(FileKind.PDF, 1, size, "png"), cpu_s=1.0)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_switch_ends_a_drawing_without_blaming_its_page(tmp_path: Path) -> None:
    path = tmp_path / "document"
    path.write_bytes(pdf(LINES))
    stop = StopSwitch()
    size = levels_of(FileKind.PDF, 595, 842)[1]
    with path.open("rb") as document:
        tiles = draw_tiles(document.fileno(), WantedLevel(FileKind.PDF, 1, size, "png"), stop)
        next(tiles)
        stop.pull()
        with pytest.raises(TilesStopped):
            list(tiles)
        with pytest.raises(TilesStopped):
            list(draw_tiles(document.fileno(), WantedLevel(FileKind.PDF, 1, size, "png"), stop))


def tile(width_px: int = 10, height_px: int = 7, **changes: Any) -> tuple[bytes, memoryview]:
    content = io.BytesIO()
    Image.new("L", (width_px, height_px)).save(content, "PNG")
    place = {"column": 1, "row": 2, "width_px": width_px, "height_px": height_px} | changes
    return json.dumps(place).encode(), memoryview(content.getvalue())


@pytest.mark.parametrize(
    "frame",
    [
        tile(column=-1),
        tile(column=2),
        tile(row=10**9),
        tile(width_px=11),
        tile(width_px=10, height_px=8),
        tile(height_px=7, extra=1),
        (tile()[0], memoryview(b"\xff\xd8 no png")),
        (tile()[0], memoryview(b"")),
        (b"{}", tile()[1]),
        (tile()[0], memoryview(bytes(tile()[1]) + bytes(5 << 20))),
    ],
)
def test_a_tile_that_is_not_what_it_should_be_is_refused(frame: tuple[bytes, memoryview]) -> None:
    size = levels_of(FileKind.PDF, 595, 842)[0]._replace(width=TILE_PX + 10, height=2 * TILE_PX + 7)
    assert distrust.read_tile(*tile(), extension="png", size_of=lambda place: tile_size(size, place))
    with pytest.raises(distrust.FrameRefused):
        distrust.read_tile(*frame, extension="png", size_of=lambda place: tile_size(size, place))


@pytest.mark.parametrize(
    ("kind", "size_pt", "widths_px"),
    [
        (FileKind.PDF, (595, 842), [3600, 7200]),
        (FileKind.PDF, (842, 595), [3600, 7200]),
        (FileKind.PDF, (300, 14_000), [258, 516]),
        (FileKind.PDF, (0.1, 5), []),
        (FileKind.JPEG, (750, 500), []),
        (FileKind.JPEG, (1350, 900), []),
        (FileKind.JPEG, (1800, 1200), [2400]),
        (FileKind.PNG, (3000, 2250), [4000]),
        (FileKind.JPEG, (4500, 3000), [3600, 6000]),
        (FileKind.JPEG, (9000, 6750), [3600, 7200]),
        (FileKind.JPEG, (8250, 6000), [3600, 7200, 11000]),
    ],
)
def test_levels_are_multiples_of_the_large_image_and_end_at_a_pictures_own_pixels(
    kind: FileKind, size_pt: tuple[float, float], widths_px: list[int]
) -> None:
    levels = levels_of(kind, *size_pt)
    assert [level.width for level in levels] == widths_px
    assert all(level.pixels <= MAX_LEVEL_PX for level in levels)


def test_blurring_is_seen_by_the_measure_of_these_tests() -> None:
    sharp = Image.open(io.BytesIO(photograph((800, 600))))
    assert steepest(sharp.filter(ImageFilter.GaussianBlur(2))) < steepest(sharp) / 1.3


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    [
        "dash_bomb",
        "flate_x3_10GB",
        "form_billion_laughs",
        "geo_14400",
        "geo_tall",
        "img_flate_50kx50k_1bit",
        "img_jpeg_65500",
        "pattern_bomb",
        "shading_ps",
        "text_10M",
        "type3_recursion",
    ],
)
def test_hostile_pages_give_tiles_or_are_refused(corpus: Path, name: str) -> None:
    wanted = WantedLevel(FileKind.PDF, 1, levels_of(FileKind.PDF, 595, 842)[1], "png")
    try:
        tiles = drawn(corpus / "hostile" / f"{name}.pdf", wanted, cpu_s=1.0)
    except TilesRefused:
        tiles = {}
    assert len(tiles) in {0, 80}
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("document", "page"),
    [
        ("deb_context/metafun-p.pdf", 20),
        ("deb_context/metafun-p.pdf", 3),
        ("deb_context/luatex.pdf", 1),
        ("deb_lilypond-doc-pdf/learning.pdf", 30),
    ],
)
def test_real_pages_look_the_same_and_sharper(corpus: Path, document: str, page: int) -> None:
    path = corpus / document
    kind, converted = large_of(path, pages=PageRange(page, page))
    large = Image.open(io.BytesIO(converted.large.content)).convert("RGB")
    size = levels_of(kind, converted.width_pt, converted.height_pt)[0]
    whole = put_together(drawn(path, WantedLevel(kind, page, size, converted.large.extension)), size)
    assert np.abs(pixels(whole.resize(large.size, Image.Resampling.BOX)) - pixels(large)).mean() < 3
    assert energy(whole) > 1.05 * energy(large.resize(size, Image.Resampling.BICUBIC))


def energy(image: Image.Image) -> float:
    """How much neighbouring pixels differ in all, by squares: the sharper, the more."""
    gray = np.asarray(image.convert("L"), dtype=np.int32)
    return float((np.diff(gray, axis=1) ** 2).sum())
