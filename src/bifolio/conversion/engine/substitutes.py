"""Chooses fonts for text whose document did not bring its own. Imports PDFium's bindings.

PDFium has fonts of its own for Latin, and finds Chinese, Japanese and Korean ones by the document's
character set. For all else it looks for a font of the same name only, and leaves a gap where there is
none; so it is told a family for names that are known, and for a page's script where it has no glyph.
"""

import ctypes
import re

from bifolio.conversion.engine.pdfium import Handle, raw

_STANDARD = {"helvetica": "Liberation Sans", "times": "Liberation Serif"}
"""The families that bring Greek and Cyrillic letters in the widths of the standard fonts. PDFium's own
Courier stays: Liberation Mono has its widths, but not its looks.
"""
_SECOND_CHOICE = "DejaVu Sans"
"""Has Arabic, Hebrew, Armenian, Georgian and Lao where the family of choice is not installed."""
_FAMILIES = {
    "Noto Naskh Arabic": "arab|urdu|nask|kufi|andalus|akhbar|nazanin|mitra|sakkal|aldhabi|geezapro|baghdad",
    "Noto Sans Hebrew": "hebrew|david|miriam|frankruehl|narkisim|gisha|levenim|aharoni|arialunicodems",
    "Noto Sans Devanagari": "devanagari|mangal|kokila|utsaah|aparajita|sanskrit|nirmala|kruti|hindi",
    "Noto Sans Bengali": "bengali|bangla|vrinda|solaiman|lipi",
    "Noto Sans Gujarati": "gujarati|shruti",
    "Noto Sans Gurmukhi": "gurmukhi|raavi",
    "Noto Sans Tamil": "tamil|latha|vijaya",
    "Noto Sans Telugu": "telugu|gautami|vani$",
    "Noto Sans Kannada": "kannada|tunga",
    "Noto Sans Malayalam": "malayalam|kartika",
    "Noto Sans Sinhala": "sinhala|iskoola",
    "Noto Sans Thai": "thai|angsana|cordia|browallia|sarabun|upc",
    "Noto Sans Lao": "lao|dokchampa",
    "Noto Sans Khmer": "khmer|daunpenh|moolboran",
    "Noto Sans Myanmar": "myanmar|zawgyi",
    "Noto Sans Ethiopic": "ethiop|nyala",
    "Noto Sans Armenian": "armen",
    "Noto Sans Georgian": "georgian|sylfaen",
}
_SCRIPTS = {
    "Noto Naskh Arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "Noto Sans Hebrew": "\u0590-\u05ff",
    "Noto Sans Devanagari": "\u0900-\u097f",
    "Noto Sans Bengali": "\u0980-\u09ff",
    "Noto Sans Gurmukhi": "\u0a00-\u0a7f",
    "Noto Sans Gujarati": "\u0a80-\u0aff",
    "Noto Sans Tamil": "\u0b80-\u0bff",
    "Noto Sans Telugu": "\u0c00-\u0c7f",
    "Noto Sans Kannada": "\u0c80-\u0cff",
    "Noto Sans Malayalam": "\u0d00-\u0d7f",
    "Noto Sans Sinhala": "\u0d80-\u0dff",
    "Noto Sans Thai": "\u0e00-\u0e7f",
    "Noto Sans Lao": "\u0e80-\u0eff",
    "Noto Sans Georgian": "\u10a0-\u10ff",
    "Noto Sans Armenian": "\u0530-\u058f",
    "Noto Sans Myanmar": "\u1000-\u109f",
    "Noto Sans Ethiopic": "\u1200-\u137f",
    "Noto Sans Khmer": "\u1780-\u17ff",
}
_FIRST_LETTER = "\u0530"
_BOLD_WEIGHT = 600


class Substitutes:
    """What PDFium asks when a font is missing."""

    def __init__(self) -> None:
        self._family_of_page = ""
        self._info = raw.FPDF_GetDefaultSystemFontInfo()
        # A copy: the field itself will hold our own function.
        self._usual = _MapFont(ctypes.cast(self._info.contents.MapFont, ctypes.c_void_p).value)
        self._info.contents.MapFont = _asked_by_pdfium
        raw.FPDF_SetSystemFontInfo(self._info)

    def expect(self, text: str) -> None:
        """Tell the text of the page that is drawn next; empty before another page is loaded."""
        self._family_of_page = family_for_text(text)

    def map(self, *asked: Handle) -> Handle:
        """Answer PDFium: handle, weight, italic, character set, pitch, name, exactness."""
        found = self._usual(*asked)
        _, weight, italic, _, _, face, _ = asked
        if found or not face:
            return found
        name = ctypes.string_at(face).decode("latin-1")
        family = self._family_of_page if name == "Helvetica" else ""
        family = family or family_for_name(name)
        if not family:
            return None
        return self._find(family, is_bold=weight >= _BOLD_WEIGHT, is_italic=bool(italic))

    def _find(self, family: str, *, is_bold: bool, is_italic: bool) -> Handle:
        """A font of the family, upright and regular where it has no other."""
        choices = (family,) if family in _STANDARD.values() else (family, _SECOND_CHOICE)
        styles = (" Bold" * is_bold + " Italic" * is_italic, " Bold" * is_bold, "", " Book")
        names = (f"{name}{style}" for name in choices for style in dict.fromkeys(styles))
        fonts = (self._info.contents.GetFont(self._info, name.encode()) for name in names)
        return next((font for font in fonts if font), None)


def family_for_name(name: str) -> str:
    """The family that stands in for a font of this name; empty where PDFium's own fonts do."""
    plain = re.sub("[^a-z0-9]", "", name.lower())
    for standard, family in _STANDARD.items():
        if plain.startswith(standard):
            return family
    return next((family for family, names in _FAMILIES.items() if re.search(names, plain)), "")


def family_for_text(text: str) -> str:
    """The family for the script of most letters that PDFium's own fonts lack; empty where there are none."""
    if max(text, default="") < _FIRST_LETTER:
        return ""
    # Compiled when first needed, by the module's own memory of patterns: most documents bring their fonts.
    counts = {family: len(re.findall(f"[{script}]", text)) for family, script in _SCRIPTS.items()}
    family = max(counts, key=lambda family: counts[family])
    return family if counts[family] else ""


_installed: Substitutes | None = None
_MapFont = dict(raw.FPDF_SYSFONTINFO._fields_)["MapFont"]


def _map_font(*asked: Handle) -> Handle:
    return _installed.map(*asked) if _installed is not None else None


# Made when this module is loaded: behind the engine's locks no memory becomes executable any more.
_asked_by_pdfium = _MapFont(_map_font)


def install_substitutes() -> Substitutes:
    """Make PDFium ask; once in a process, after its start."""
    global _installed  # noqa: PLW0603  PDFium keeps pointers to it until the process ends
    if _installed is None:
        _installed = Substitutes()
    return _installed
