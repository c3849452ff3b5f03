"""Links of a page that are safe to follow: the web, mail, telephone, and pages of the same document."""

import ctypes
import re
from collections.abc import Iterator
from typing import Any

from bifolio.conversion.engine.geometry import Box, PageFrame
from bifolio.conversion.engine.pdfium import Handle, raw, read_utf16
from bifolio.conversion.limits import MAX_LINKS, MAX_URL_CHARACTERS, URL_SCHEMES

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff\ud800-\udfff]+")
_UNQUOTED = {ord(character): f"%{ord(character):02X}" for character in ' "<>\\^`{|}'}
_MOST_PARTS = 50
_SLACK_PT = 2.0

Link = dict[str, Any]


def read_links(
    document: Handle, page: Handle, text_page: Handle, frame: PageFrame, page_count: int
) -> list[Link]:
    """Links as the layers schema has them, at most MAX_LINKS; those found in the text come last."""
    links: list[Link] = []
    areas: list[Box] = []
    for box, target in _annotations(document, page, frame, page_count):
        areas.append(box)
        if target is not None and len(links) < MAX_LINKS:
            links.append(_entry(box, target))
    for box, url in _web_links(text_page, frame):
        if len(links) >= MAX_LINKS:
            break
        if not any(_covers(area, box) for area in areas):
            links.append(_entry(box, url))
    return links


def safe_url(address: str) -> str | None:
    """The address if a reader may follow it, its scheme in lower case and no character left to misread."""
    address = _INVISIBLE.sub("", address).strip().translate(_UNQUOTED)
    if address[:4].lower() == "www.":
        address = "http://" + address
    scheme, colon, rest = address.partition(":")
    if f"{scheme.lower()}{colon}" not in URL_SCHEMES or not rest or len(address) > MAX_URL_CHARACTERS:
        return None
    return f"{scheme.lower()}:{rest}"


def _entry(box: Box, target: str | int) -> Link:
    x, y, width, height = box
    key = "page" if isinstance(target, int) else "url"
    return {"x": x, "y": y, "width": width, "height": height, key: target}


def _covers(area: Box, box: Box) -> bool:
    """Whether the middle of ``box`` lies in ``area``."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return area[0] <= x <= area[0] + area[2] and area[1] <= y <= area[1] + area[3]


def _annotations(
    document: Handle, page: Handle, frame: PageFrame, page_count: int
) -> Iterator[tuple[Box, str | int | None]]:
    """Areas of the page's first link annotations, the target None where it must not be followed.

    A link over several lines has an area for each.
    """
    position = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    for _ in range(MAX_LINKS):
        if not raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
            return
        boxes = [frame.to_displayed(*area) for area in _areas(link)]
        visible = [box for box in boxes if box is not None and box[2] > 0 and box[3] > 0]
        target = _target(document, link, page_count) if visible else None
        yield from ((box, target) for box in visible)


def _areas(link: Handle) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right, top of the link's parts, or of the whole where the parts are not within it."""
    rectangle = raw.FS_RECTF()
    if not raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rectangle)):
        return []
    whole = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    count = raw.FPDFLink_CountQuadPoints(link)
    parts = [_part(link, index) for index in range(count)] if 1 < count <= _MOST_PARTS else []
    return parts if parts and all(_is_within(part, whole) for part in parts) else [whole]


def _part(link: Handle, index: int) -> tuple[float, float, float, float]:
    quad = raw.FS_QUADPOINTSF()
    if not raw.FPDFLink_GetQuadPoints(link, index, ctypes.byref(quad)):
        return 0.0, 0.0, 0.0, 0.0
    across, up = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
    return min(across), min(up), max(across), max(up)


def _is_within(part: tuple[float, float, float, float], whole: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = whole
    return (
        left - _SLACK_PT <= part[0] <= part[2] <= right + _SLACK_PT
        and bottom - _SLACK_PT <= part[1] <= part[3] <= top + _SLACK_PT
    )


def _target(document: Handle, link: Handle, page_count: int) -> str | int | None:
    action = raw.FPDFLink_GetAction(link)
    if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
        return safe_url(_uri(document, action))
    destination = raw.FPDFLink_GetDest(document, link)
    if action and raw.FPDFAction_GetType(action) != raw.PDFACTION_GOTO:
        return None
    return page_of(document, destination, page_count)


def page_of(document: Handle, destination: Handle, page_count: int) -> int | None:
    """The page that a destination leads to, counting from 1, None where it leads out of the document."""
    if not destination:
        return None
    index = int(raw.FPDFDest_GetDestPageIndex(document, destination))
    return index + 1 if 0 <= index < page_count else None


def _uri(document: Handle, action: Handle) -> str:
    size = raw.FPDFAction_GetURIPath(document, action, None, 0)
    if not 1 < size <= 4 * MAX_URL_CHARACTERS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    try:
        return buffer.value.decode()
    except UnicodeDecodeError:
        return buffer.value.decode("latin-1")


def _web_links(text_page: Handle, frame: PageFrame) -> Iterator[tuple[Box, str]]:
    """Addresses that PDFium recognises in the text, an area for each line that one runs over."""
    handle = raw.FPDFLink_LoadWebLinks(text_page)
    if not handle:
        return
    try:
        for index in range(min(raw.FPDFLink_CountWebLinks(handle), MAX_LINKS)):
            url = safe_url(_web_url(handle, index))
            if url is not None:
                yield from ((box, url) for box in _web_areas(handle, index, frame))
    finally:
        raw.FPDFLink_CloseWebLinks(handle)


def _web_url(handle: Handle, index: int) -> str:
    def read(buffer: Handle, size: int) -> int:
        target = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)) if buffer else None
        return 2 * int(raw.FPDFLink_GetURL(handle, index, target, size // 2))

    return read_utf16(read)


def _web_areas(handle: Handle, index: int, frame: PageFrame) -> Iterator[Box]:
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    references = [ctypes.byref(value) for value in (left, top, right, bottom)]
    for rectangle in range(min(raw.FPDFLink_CountRects(handle, index), 10)):
        if raw.FPDFLink_GetRect(handle, index, rectangle, *references):
            box = frame.to_displayed(left.value, bottom.value, right.value, top.value)
            if box is not None:
                yield box
