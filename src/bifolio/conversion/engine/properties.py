"""What a PDF says about itself: title, language, direction, page labels, outline."""

import ctypes
import re
from typing import Any

from bifolio.conversion.engine.links import page_of
from bifolio.conversion.engine.pdfium import Handle, raw, read_utf16
from bifolio.conversion.limits import (
    MAX_LABEL_CHARACTERS,
    MAX_OUTLINE_DEPTH,
    MAX_OUTLINE_ENTRIES,
    MAX_TITLE_CHARACTERS,
)

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_PROGRAM = re.compile(r"^(Microsoft (Word|PowerPoint|Excel)|Print)\s*[-:]\s*", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"(untitled|unbenannt|sans titre|document|title|slide|powerpoint presentation)[\s\-_]*\d*"
    r"|.+\.(docx?|odt|rtf|pages|indd|qxd|pptx?|odp|xlsx?|tex|dvi|ps|eps|ai|pdf|html?|txt|cdr|pub|fm|book)",
    re.IGNORECASE,
)


def one_line(text: str, limit: int) -> str:
    """The text without control characters, white space collapsed, cut to ``limit`` characters."""
    return " ".join(_UNWANTED.sub(" ", text).split())[:limit].strip()


def sensible_title(title: str) -> str:
    """The title if a person seems to have written it, else empty: not a file name, not a default."""
    title = _PROGRAM.sub("", one_line(title, MAX_TITLE_CHARACTERS))
    is_words = any(map(str.isalpha, title)) and "\ufffd" not in title
    return title if is_words and not _NO_TITLE.fullmatch(title) else ""


def read_properties(document: Handle, page_count: int) -> dict[str, Any]:
    """The metadata of the frame that opens a document."""
    return {
        "title": sensible_title(read_utf16(lambda b, n: raw.FPDF_GetMetaText(document, b"Title", b, n))),
        "language": document_language(document),
        "direction": _direction(document),
        "outline": _outline(document, page_count),
        "page_labels": _page_labels(document, page_count),
    }


def document_language(document: Handle) -> str:
    """The language that the catalog names, empty where it names none."""

    def read(buffer: Handle, size: int) -> int:
        target = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)) if buffer else None
        return int(raw.FPDFCatalog_GetLanguage(document, target, size))

    return language_tag(read_utf16(read))


def language_tag(text: str) -> str:
    """A tag of BCP 47 in its usual letters if the text is one, else empty."""
    language = text.strip().replace("_", "-")[:35]
    if not _LANGUAGE.fullmatch(language):
        return ""
    first, *others = language.split("-")
    return "-".join([first.lower(), *map(_usual_subtag, others)])


def _usual_subtag(subtag: str) -> str:
    """Regions are written in capitals, scripts with one, all else without."""
    if not subtag.isalpha():
        return subtag.lower()
    return {2: subtag.upper(), 4: subtag.title()}.get(len(subtag), subtag.lower())


def _direction(document: Handle) -> str:
    """The direction in which pages are turned: only the document's own flag tells it.

    An English paper on Hebrew is no book that binds on the right, and an Arabic slide show may not be
    one; a wrong guess turns a book around for all its readers.
    """
    buffer = ctypes.create_string_buffer(16)
    raw.FPDF_VIEWERREF_GetName(document, b"Direction", buffer, len(buffer))
    return "rtl" if buffer.value == b"R2L" else "ltr"


def _page_labels(document: Handle, page_count: int) -> list[str]:
    """A label for each page, or none at all when they are just the pages' numbers."""
    if not _label(document, 0):
        return []
    labels = [_label(document, index) or str(index + 1) for index in range(page_count)]
    is_plain = all(label == str(number) for number, label in enumerate(labels, 1))
    return [] if is_plain else labels


def _label(document: Handle, index: int) -> str:
    label = read_utf16(lambda b, n: raw.FPDF_GetPageLabel(document, index, b, n))
    return one_line(label, MAX_LABEL_CHARACTERS)


def _outline(document: Handle, page_count: int) -> list[dict[str, Any]]:
    """Nested entries; a bookmark met a second time, or beyond the limits, ends its list."""
    top: list[dict[str, Any]] = []
    seen: set[int] = set()
    pending = [(raw.FPDFBookmark_GetFirstChild(document, None), top, 1)]
    while pending:
        bookmark, siblings, depth = pending.pop()
        address = ctypes.cast(bookmark, ctypes.c_void_p).value if bookmark else None
        if address is None or address in seen or len(seen) >= MAX_OUTLINE_ENTRIES:
            continue
        seen.add(address)
        entry = _outline_entry(document, bookmark, page_count)
        pending.append((raw.FPDFBookmark_GetNextSibling(document, bookmark), siblings, depth))
        siblings.append(entry)
        if depth < MAX_OUTLINE_DEPTH:
            children: list[dict[str, Any]] = []
            entry["children"] = children
            pending.append((raw.FPDFBookmark_GetFirstChild(document, bookmark), children, depth + 1))
    _drop_empty(top)
    return top


def _outline_entry(document: Handle, bookmark: Handle, page_count: int) -> dict[str, Any]:
    title = read_utf16(lambda b, n: raw.FPDFBookmark_GetTitle(bookmark, b, n))
    entry: dict[str, Any] = {"title": one_line(title, MAX_TITLE_CHARACTERS) or "…"}
    destination = raw.FPDFBookmark_GetDest(document, bookmark)
    if not destination:
        action = raw.FPDFBookmark_GetAction(bookmark)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_GOTO:
            destination = raw.FPDFAction_GetDest(document, action)
    page = page_of(document, destination, page_count)
    if page is not None:
        entry["page"] = page
    return entry


def _drop_empty(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        children = entry.get("children")
        if children:
            _drop_empty(children)
        elif children is not None:
            del entry["children"]
