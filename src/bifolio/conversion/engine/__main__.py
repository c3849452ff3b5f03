"""Entry of the child process: a document and its context by the socket on standard input, frames out."""

import os
import sys

from bifolio.conversion.engine.lockdown import lock_down
from bifolio.conversion.engine.output import FrameWriter
from bifolio.conversion.engine.receiving import Doorway
from bifolio.conversion.engine.warm_up import load, rehearse
from bifolio.conversion.engine.work import work
from bifolio.conversion.preparation import LayerResult, Preparation
from bifolio.conversion.sandbox_level import SandboxLevel, level_of


def main() -> None:
    """Import, lock the process up, then wait for the one document and work."""
    writer = FrameWriter()
    doorway = Doorway()
    preparation = Preparation.from_json(sys.argv[1])
    load(preparation.roles)
    if preparation.rehearses:
        rehearse(preparation.roles)
    layers = lock_down(preparation, kept=(writer.descriptor,))
    if preparation.needs_full and level_of(layers) is not SandboxLevel.FULL:
        _refuse(layers)
    received = doorway.receive()
    if received is not None:
        work(received.context, received.content, writer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _refuse(layers: tuple[LayerResult, ...]) -> None:
    missing = ", ".join(f"{result.layer} ({result.detail})" for result in layers if not result.is_on)
    sys.stderr.write(f"no document is read without the full sandbox; missing: {missing}\n")
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
