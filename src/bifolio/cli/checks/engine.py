"""The fonts that an engine draws missing ones with."""

import re
from collections.abc import Iterator
from pathlib import Path

from bifolio.cli.checks.finding import Finding
from bifolio.conversion.fonts import FONT_FOLDERS

_FONTS = (
    (
        "Latin in the metrics of Arial and Times",
        r"Liberation(Sans|Serif)|Arimo|NimbusSans",
        "fonts-liberation",
    ),
    ("Chinese, Japanese, Korean", r"CJK|wqy|ipag|Takao|DroidSansFallback|uming|ukai", "fonts-noto-cjk"),
    ("Arabic", r"Arabic|Amiri|Kacst|DejaVuSans", "fonts-noto-core"),
    ("Devanagari", r"Devanagari|[Gg]argi", "fonts-noto-core"),
)


def check_fonts() -> Finding:
    """Look for fonts of the scripts that documents most often leave out."""
    names = " ".join(path.name for folder in FONT_FOLDERS for path in _font_files(Path(folder)))
    missing = [(script, package) for script, pattern, package in _FONTS if not re.search(pattern, names)]
    if not missing:
        return Finding.ok(
            "fonts", "there are fonts for Latin, Chinese, Japanese, Korean, Arabic and Devanagari"
        )
    packages = " ".join(dict.fromkeys(package for _, package in missing))
    return Finding.warning(
        "fonts",
        f"documents without their own fonts will show gaps in: {', '.join(script for script, _ in missing)}",
        f"apt-get install {packages}",
    )


def _font_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb"})
