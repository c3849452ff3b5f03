"""Typesets the magazine: draws its pictures beside a copy of its Typst sources and compiles them offline."""

import shutil
import tempfile
from pathlib import Path

import typst

from sample.pictures import draw_pictures

HERE = Path(__file__).resolve().parent
# Typst would write the present time into the file; equal input must give equal bytes.
PRINTED_AT = 1_767_225_600


class Misprint(Exception):
    """The sources do not make a magazine; says where and why."""


def print_magazine() -> bytes:
    """The magazine as a PDF document; the same bytes each time."""
    with tempfile.TemporaryDirectory(prefix="bifolio-magazine-") as name:
        root = Path(name)
        shutil.copytree(HERE / "magazine", root, dirs_exist_ok=True)
        (root / "pictures").mkdir()
        draw_pictures(root / "pictures")
        return typeset(root)


def typeset(root: Path) -> bytes:
    """Compile `main.typ` of a folder that holds the sources and their pictures."""
    try:
        return typst.compile(
            root / "main.typ",
            root=root,
            font_paths=[HERE / "fonts"],
            ignore_system_fonts=True,
            timestamp=PRINTED_AT,
        )
    except typst.TypstError as problem:
        raise Misprint(problem.diagnostic) from problem
