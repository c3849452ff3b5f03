"""How the machine's owner starts the `bifolio` command, for the welcome page. Knows no flipbook."""

import os
import shutil
import sys
from pathlib import Path


def program_name() -> str:
    """Return ``bifolio`` where the path finds it, or else where it lies below the server's folder.

    Never a whole path: the page is for everyone, and the machine's folders are nobody's business.
    """
    program = Path(sys.executable).with_name("bifolio")
    is_below = program.is_relative_to(Path.cwd())
    if shutil.which("bifolio") or not is_below or not os.access(program, os.X_OK):
        return "bifolio"
    return str(program.relative_to(Path.cwd()))
