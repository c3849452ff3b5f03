"""Entry of the child process: the document on standard input, frames on standard output."""

import mmap
import os
import sys

from bifolio.conversion.context import EngineContext
from bifolio.conversion.engine.lockdown import lock_down
from bifolio.conversion.engine.output import FrameWriter
from bifolio.conversion.engine.work import load, work


def main() -> None:
    """Import, lock the process down, then work."""
    writer = FrameWriter()
    context = EngineContext.from_json(sys.argv[1])
    size_bytes = os.fstat(0).st_size
    load(context)
    lock_down(context, size_bytes)
    work(context, _map(size_bytes), writer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _map(size_bytes: int) -> memoryview:
    """The document's bytes, private to this process: PDFium's bindings want memory that may be written."""
    if size_bytes == 0:
        return memoryview(b"")
    return memoryview(mmap.mmap(0, size_bytes, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE))


if __name__ == "__main__":
    main()
