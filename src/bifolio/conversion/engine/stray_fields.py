"""Fields of a document that has no form any more. Imports PDFium's bindings.

Programs that join or cut documents often lose the form and leave its fields on the pages. PDFium
draws fields by their form only, so where there is none they are made a part of the page.
"""

import contextlib
from collections.abc import Iterator

from bifolio.conversion.engine.pdfium import Handle, raw

_LOOKED_AT = 200


@contextlib.contextmanager
def with_stray_fields(document: Handle, page: Handle, number: int) -> Iterator[Handle]:
    """The page as it is to be drawn: itself, or loaded anew with its fields as content.

    The latter has no annotations any more, so what is read of them must be read before.
    """
    anew = None
    if _has_field(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        anew = raw.FPDF_LoadPage(document, number - 1)
    try:
        yield anew or page
    finally:
        if anew:
            raw.FPDF_ClosePage(anew)


def _has_field(page: Handle) -> bool:
    """Whether one of the page's first annotations is a field."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _LOOKED_AT)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET:
            return True
    return False
