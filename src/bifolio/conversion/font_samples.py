"""A document without any font, two pages for each script, to see what missing fonts are replaced with.

Standard library only.
"""

from typing import NamedTuple

MEDIA_BOX = (300, 60)
_PACKAGES_CORE, _PACKAGES_CJK = "fonts-noto-core", "fonts-noto-cjk"


class FontSample(NamedTuple):
    """A script, words in it, the font that the page names, and the Debian package that can replace it.

    ``ordering`` is Adobe's character collection with its encoding, empty where the page's own table
    tells the letters.
    """

    script: str
    words: str
    font: str
    package: str
    ordering: str = ""
    encoding: str = ""


FONT_SAMPLES = (
    FontSample("Greek", "Ελληνικά", "ArialMT", "fonts-liberation"),
    FontSample("Cyrillic", "Привет", "TimesNewRomanPSMT", "fonts-liberation"),
    FontSample("Arabic", "ابجدهوز", "ArialMT", _PACKAGES_CORE),
    FontSample("Hebrew", "אבגדהו", "David", _PACKAGES_CORE),
    FontSample("Devanagari", "कखगघङच", "Mangal", _PACKAGES_CORE),
    FontSample("Thai", "กขคฆงจ", "AngsanaNew", _PACKAGES_CORE),
    FontSample("Chinese", "简体中文", "STSong-Light", _PACKAGES_CJK, "GB1", "UniGB-UTF16-H"),
    FontSample("Traditional Chinese", "繁體中文", "MSung-Light", _PACKAGES_CJK, "CNS1", "UniCNS-UTF16-H"),
    FontSample("Japanese", "日本語の字", "HeiseiMin-W3", _PACKAGES_CJK, "Japan1", "UniJIS-UTF16-H"),
    FontSample("Korean", "한국어글자", "HYSMyeongJo-Medium", _PACKAGES_CJK, "Korea1", "UniKS-UTF16-H"),
)


def font_samples_pdf() -> bytes:
    """For each of FONT_SAMPLES a page with its words, and one with their first letter as often.

    Where there is no font both look the same: they are empty, or full of the same box.
    """
    objects: list[str] = []
    pages = [
        sample._replace(words=words)
        for sample in FONT_SAMPLES
        for words in (sample.words, sample.words[0] * len(sample.words))
    ]
    kids = [_page(objects, *_drawn(objects, page)) for page in pages]
    tree = len(objects) + 1
    objects.append(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    objects.append(f"<< /Type /Catalog /Pages {tree} 0 R >>")
    body = "".join(f"{number} 0 obj\n{content}\nendobj\n" for number, content in enumerate(objects, 1))
    # Without a table of offsets: PDFium finds the objects by reading through the file.
    return f"%PDF-1.7\n{body}trailer\n<< /Root {tree + 1} 0 R /Size {tree + 2} >>\n%%EOF\n".encode("ascii")


def _page(objects: list[str], font: str, content: str) -> int:
    objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    width, height = MEDIA_BOX
    objects.append(
        f"<< /Type /Page /MediaBox [0 0 {width} {height}] /Contents {len(objects)} 0 R "
        f"/Resources << /Font << {font} >> >> >>"
    )
    return len(objects)


def _drawn(objects: list[str], sample: FontSample) -> tuple[str, str]:
    """The font's entry among the page's resources, and the page's content."""
    objects.append(
        f"<< /Type /FontDescriptor /FontName /{sample.font} /Flags 4 /FontBBox [0 -120 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
    )
    kind = "CIDFontType0" if sample.ordering else "CIDFontType2"
    objects.append(
        f"<< /Type /Font /Subtype /{kind} /BaseFont /{sample.font} /FontDescriptor {len(objects)} 0 R "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({sample.ordering or 'Identity'}) /Supplement 0 >> >>"
    )
    descendant, table = len(objects), ""
    if sample.ordering:
        shown = sample.words.encode("utf-16-be").hex()
    else:
        shown = "".join(f"{code:04x}" for code in range(1, len(sample.words) + 1))
        table = f"/ToUnicode {_letters(objects, sample.words)} 0 R"
    objects.append(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{sample.font} /DescendantFonts [{descendant} 0 R] "
        f"/Encoding /{sample.encoding or 'Identity-H'} {table} >>"
    )
    return f"/F {len(objects)} 0 R", f"BT /F 30 Tf 10 20 Td <{shown}> Tj ET"


def _letters(objects: list[str], words: str) -> int:
    """The table that tells which letters the codes from 1 on stand for."""
    pairs = " ".join(f"<{code:04x}> <{ord(letter):04x}>" for code, letter in enumerate(words, 1))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Letters def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(words)} beginbfchar {pairs} endbfchar endcmap end end"
    )
    objects.append(f"<< /Length {len(table)} >>\nstream\n{table}\nendstream")
    return len(objects)
