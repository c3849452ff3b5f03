"""Files that an operator names, opened to be read. Must not import Django."""

import stat
from pathlib import Path
from typing import BinaryIO

from bifolio.cli.errors import FileUnreadable, NotAFile


def open_file(path: Path) -> BinaryIO:
    """Open a plain file. Raises FileUnreadable, and NotAFile for folders, devices and pipes.

    Those could be endless, and a pipe may keep whoever opens it waiting.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotAFile(path)
        return path.open("rb")
    except OSError as error:
        raise FileUnreadable(path, error.strerror or str(error)) from error
