"""A PDF as the engine sees it: opened once, then page after page. Imports PDFium and Pillow."""

import contextlib
import ctypes
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from bifolio.conversion.engine.failures import PageUnreadable
from bifolio.conversion.engine.geometry import read_frame
from bifolio.conversion.engine.layers import read_layers
from bifolio.conversion.engine.output import PageFiles
from bifolio.conversion.engine.pdfium import Handle, count_pages, open_document, raw
from bifolio.conversion.engine.properties import read_properties
from bifolio.conversion.engine.render import Renderer
from bifolio.conversion.engine.render_size import is_usable
from bifolio.conversion.engine.stray_fields import with_stray_fields
from bifolio.conversion.engine.substitutes import install_substitutes
from bifolio.conversion.reasons import PlaceholderReason


class PdfBook:
    """One open document. ``content`` must outlive it."""

    def __init__(self, content: memoryview, password: str = "") -> None:
        self._document = open_document(content, password)
        self.page_count = count_pages(self._document)
        self._substitutes = install_substitutes()
        self._form: Any = None
        self.renderer = Renderer(None)

    def prepare(self) -> None:
        """Make ready to draw: form fields are drawn as filled in, without any highlight."""
        if raw.FPDF_GetFormType(self._document) != raw.FORMTYPE_NONE:
            self._form_info = raw.FPDF_FORMFILLINFO(version=2)
            self._form = raw.FPDFDOC_InitFormFillEnvironment(self._document, ctypes.byref(self._form_info))
            if self._form:
                raw.FPDF_SetFormFieldHighlightAlpha(self._form, 0)
        self.renderer = Renderer(self._form)

    def properties(self) -> dict[str, Any]:
        """What the document says about itself."""
        return read_properties(self._document, self.page_count)

    def page_size(self, number: int) -> tuple[float, float]:
        """Width and height in points as displayed, found without reading the page's content; 0 if unknown."""
        size = raw.FS_SIZEF()
        if not raw.FPDF_GetPageSizeByIndexF(self._document, number - 1, ctypes.byref(size)):
            return 0.0, 0.0
        is_known = math.isfinite(size.width) and math.isfinite(size.height)
        return (size.width, size.height) if is_known else (0.0, 0.0)

    def convert(self, number: int, width_pt: float, height_pt: float) -> PageFiles:
        """The files of a page. Raises PageUnreadable and whatever a damaged page may cause."""
        if not is_usable(width_pt, height_pt):
            from bifolio.conversion.engine import placeholder

            return placeholder.draw(number, *placeholder.USUAL_SIZE_PT, PlaceholderReason.SHAPE)
        with self.opened(number) as page:
            frame = read_frame(page)
            layers = read_layers(self._document, page, frame, self.page_count)
            self._substitutes.expect(layers.decode())
            with self.to_draw(page, number) as drawn:
                images = self.renderer.render(drawn, frame.width_pt, frame.height_pt)
            return PageFiles(images, layers, "")

    def to_draw(self, page: Handle, number: int) -> AbstractContextManager[Handle]:
        """An opened page with what its fields show; annotations may be gone, so this comes last."""
        return contextlib.nullcontext(page) if self._form else with_stray_fields(self._document, page, number)

    def expect_text(self, page: Handle) -> None:
        """Read a page that is drawn without being converted, so that its substitutes are the same."""
        layers = read_layers(self._document, page, read_frame(page), self.page_count)
        self._substitutes.expect(layers.decode())

    @contextlib.contextmanager
    def opened(self, number: int) -> Iterator[Handle]:
        """A page, loaded with its form fields. Raises PageUnreadable."""
        self._substitutes.expect("")
        page = raw.FPDF_LoadPage(self._document, number - 1)
        if not page:
            raise PageUnreadable
        if self._form:
            raw.FORM_OnAfterLoadPage(page, self._form)
        try:
            yield page
        finally:
            if self._form:
                raw.FORM_OnBeforeClosePage(page, self._form)
            raw.FPDF_ClosePage(page)
