"""Load and try everything that a document may need, while files can still be opened.

A module that is imported only when a page asks for it would be missing behind the locks. Fonts are
read from behind them; a rehearsal lists them before, and shows what is wrong with an installation.
"""

import codecs
import importlib
import io
from typing import Any

from bifolio.conversion.context import EngineContext, PendingPlaceholder
from bifolio.conversion.engine.output import FrameWriter
from bifolio.conversion.engine.work import work
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.preparation import Role
from bifolio.conversion.reasons import FileKind, PlaceholderReason

_CODECS = ("utf-8", "utf-16-le", "latin-1", "ascii")
_MODULES: dict[Role, tuple[str, ...]] = {
    # What PIL and Python import inside functions that not every page comes through.
    Role.COUNT: ("bifolio.conversion.engine.pdfium",),
    Role.PDF: (
        "bifolio.conversion.engine.pdf_book",
        "bifolio.conversion.engine.pdf_tiles",
        "bifolio.conversion.engine.placeholder",
        "PIL.ImagePalette",
        "PIL.JpegImagePlugin",
    ),
    Role.PICTURE: (
        "bifolio.conversion.engine.picture_book",
        "bifolio.conversion.engine.picture_tiles",
        "bifolio.conversion.engine.placeholder",
        "PIL.BmpImagePlugin",
        "PIL.GifImagePlugin",
        "PIL.ImageCms",
        "PIL.ImagePalette",
        "PIL.JpegImagePlugin",
        "PIL.MpoImagePlugin",
        "PIL.PngImagePlugin",
        "PIL.PpmImagePlugin",
        "PIL.TiffImagePlugin",
    ),
}
_FLAT_PAGE_PT = (600, 30)
"""Wide and low: as wide as any page once drawn, with a tenth of the pixels."""
_PAGES = (
    b"BT /F 20 Tf 9 9 Td (Bifolio) Tj ET",
    b"1 0 0 rg 9 9 99 9 re f BT /M 20 Tf 9 9 Td (\xe9) Tj ET",
    b"/S sh",
)
_TIMEOUT_S = 60.0


class RehearsalFailed(Exception):
    """A document of ours did not become what it should; the text says which, and how."""


class _Nowhere(FrameWriter):
    """Drops frames, and counts the pages that were drawn."""

    def __init__(self) -> None:
        self.drawn_pages = 0

    def send(self, kind: FrameKind, metadata: dict[str, Any], payload: tuple[bytes, ...] = ()) -> None:
        """Look at a frame."""
        self.drawn_pages += kind is FrameKind.PAGE and bool(payload) and not metadata["placeholder"]


def load(roles: tuple[Role, ...]) -> None:
    """Import all that documents of these roles may take. Raises ImportError."""
    for codec in _CODECS:
        codecs.lookup(codec)
    for module in dict.fromkeys(module for role in roles for module in _MODULES[role]):
        importlib.import_module(module)


def rehearse(roles: tuple[Role, ...]) -> None:
    """Convert documents of ours, one of each role; what it writes goes nowhere.

    Worth its 20 ms in an engine that stands by: the first page of another document is faster then.
    Raises RehearsalFailed.
    """
    if Role.PICTURE in roles:
        for kind in (FileKind.JPEG, FileKind.PNG):
            _try(kind, _picture(kind), 1)
    if Role.PDF in roles:
        _try(FileKind.PDF, _book(), len(_PAGES))


def _try(kind: FileKind, content: bytes, page_count: int) -> None:
    lost = PendingPlaceholder(1, *_FLAT_PAGE_PT, PlaceholderReason.DAMAGED)
    context = EngineContext("convert", kind, 0, _TIMEOUT_S, _TIMEOUT_S, placeholders=(lost,))
    writer = _Nowhere()
    work(context, memoryview(bytearray(content)), writer)
    if writer.drawn_pages != page_count:
        raise RehearsalFailed(f"{kind}: {writer.drawn_pages} pages of {page_count}")


def _picture(kind: FileKind) -> bytes:
    """A picture that is turned and has colours of its own, as cameras write them."""
    from PIL import Image, ImageCms

    file = io.BytesIO()
    picture = Image.new("RGB", (32, 4), "red")
    exif = Image.Exif()
    exif[0x0112] = 3
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture.save(file, kind.value, exif=exif.tobytes(), icc_profile=profile)
    return file.getvalue()


def _book() -> bytes:
    """Pages with text and a link, with flat colours, and with a photograph's soft tones."""
    pages = b"".join(_page(number, content) for number, content in enumerate(_PAGES))
    kids = b" ".join(b"%d 0 R" % (10 + 2 * number) for number in range(len(_PAGES)))
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Lang(en)/PageLabels<</Nums[0<</S/r>>]>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Count %d/Kids[%b]/MediaBox[0 0 %d %d]/Resources 3 0 R>>endobj\n"
        b"3 0 obj<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        b"/M<</Type/Font/Subtype/TrueType/BaseFont/Unknown/Encoding/WinAnsiEncoding>>>>"
        b"/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 600 30]"
        b"/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>>>>>endobj\n"
        b"4 0 obj<</Title(\xfe\xff\0B\0i\0f\0o\0l\0i\0o)>>endobj\n"
        b"%btrailer<</Root 1 0 R/Info 4 0 R>>\n%%%%EOF\n"
        % (len(_PAGES), kids, _FLAT_PAGE_PT[0], _FLAT_PAGE_PT[1], pages)
    )


def _page(number: int, content: bytes) -> bytes:
    link = b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org/)>>>>"
    return (
        b"%d 0 obj<</Type/Page/Parent 2 0 R/Contents %d 0 R/Annots[%b]>>endobj\n"
        b"%d 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        % (10 + 2 * number, 11 + 2 * number, link, 11 + 2 * number, len(content), content)
    )
