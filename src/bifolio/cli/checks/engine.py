"""The engine in its child process, and the fonts that it draws missing ones with."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bifolio.cli.checks.finding import Finding
from bifolio.conversion.events import ConversionLimits, FileKind, PageConverted
from bifolio.conversion.run import convert

_LIMITS = ConversionLimits(page_timeout_s=20, document_timeout_s=30)
_ONE_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 41>>stream\n"
    b"BT /F 24 Tf 40 300 Td (Bifolio works) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")
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


def check_sandbox() -> Finding:
    """Start an engine, look at the process from outside, and let it convert a page."""
    fix = "Run `make setup` again, or install the wheel anew; see docs/operate/install.md."
    with tempfile.TemporaryFile() as file:
        file.write(_ONE_PAGE)
        file.flush()
        events = convert(file, FileKind.PDF, limits=_LIMITS)
        next(events)
        protections = _protections_of_children()
        pages = [event for event in events if isinstance(event, PageConverted)]
    if len(pages) != 1 or "Bifolio works" not in pages[0].text or pages[0].placeholder is not None:
        return Finding.failed("sandbox", "the engine does not draw the test page as it should", fix)
    return Finding.ok("sandbox", f"an engine converts in a process of its own: {', '.join(protections)}")


def check_fonts() -> Finding:
    """Look for fonts of the scripts that documents most often leave out."""
    names = " ".join(path.name for folder in _FONT_FOLDERS for path in _font_files(Path(folder)))
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


def _protections_of_children() -> list[str]:
    """Return what the kernel says of the engine, which is the youngest child of this process."""
    children = [
        pid
        for listing in Path("/proc/self/task").glob("*/children")
        for pid in listing.read_text("ascii").split()
    ]
    if not children:
        return ["its limits cannot be read on this system"]
    return _protections(max(children, key=int))


def _protections(pid: str) -> list[str]:
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    limits = Path(f"/proc/{pid}/limits").read_text("ascii", "replace")
    memory = re.search(r"Max address space\s+(\d+)", limits)
    return [
        "no new privileges" if re.search(r"NoNewPrivs:\s*1", status) else "privileges NOT given up",
        f"memory below {int(memory[1]) >> 20} MiB" if memory else "memory NOT limited",
        "no file can be written" if re.search(r"Max file size\s+0\s", limits) else "files can be written",
        "system calls filtered" if re.search(r"Seccomp:\s*2", status) else "system calls not filtered",
        "not root" if not re.search(r"Uid:\s*0\s", status) else "as root",
    ]
